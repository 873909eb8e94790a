package opml.dispute;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import opml.machine.Machine;
import opml.machine.Regions;

/** Watches what a machine stores in STATE and OUTPUT, an instruction at a time. */
final class Stores {
  static final int OPCODE = 0x23;
  private static final long PAGE = -4096;

  private final List<Long> words = new ArrayList<>();

  /** Runs until the machine stops or {@code steps} are done. */
  void run(Machine machine, long steps) {
    for (long i = 0; i < steps && machine.status() == Machine.RUNNING; i++) {
      int word = machine.word();
      long address = machine.register(word >>> 15 & 31) + (word >> 25 << 5 | word >>> 7 & 31);
      machine.run(1);
      // A store that faulted has stored nothing.
      if ((word & 0x7f) == OPCODE && machine.status() != Machine.FAULTED) {
        long region = address >>> Regions.SHIFT;
        if (region == Regions.STATE || region == Regions.OUTPUT) {
          words.add(address & -4);
        }
      }
    }
  }

  /** Addresses of the words stored to, in the order of the stores. */
  List<Long> words() {
    return words;
  }

  /** Addresses of the pages stored to. */
  Set<Long> pages() {
    Set<Long> pages = new TreeSet<>();
    words.forEach(address -> pages.add(address & PAGE));
    return pages;
  }
}
