package opml.browser;

import java.util.HashMap;
import java.util.Map;
import opml.machine.AddressSpace;
import opml.machine.Pages;
import org.teavm.interop.Address;

/**
 * Pages of the machine in linear memory while translated code runs: content that JavaScript placed
 * is used where it lies, all else is copied in and, when written, back.
 */
final class Frames {
  private final int at;
  private final Map<Long, Integer> frames = new HashMap<>();
  private final int[][] words = new int[Room.FRAME_COUNT][];
  private final boolean[] written = new boolean[Room.FRAME_COUNT];
  private int count;

  Frames(int at) {
    this.at = at;
    forget();
  }

  /** Where the page of an address lies, for reads or also for writes; 0 when the access faults. */
  int page(AddressSpace space, LinearPages[] placed, long address, int shift, boolean write) {
    int[] page = null;
    if (write) {
      page = space.write(address, shift);
      if (page == null || space.whole(address) && !space.kept(address)) {
        return 0; // faults, or holds code that was executed: for the interpreter
      }
    } else if (!space.inside(address, shift)) {
      return 0;
    }
    int host = write ? 0 : direct(placed, address);
    if (host == 0) {
      host = frame(space, page, address, shift, write);
    }
    if (space.whole(address)) {
      remember(Room.READS, address, host);
      if (write) {
        remember(Room.WRITES, address, host);
      }
    }
    return host;
  }

  private static int direct(LinearPages[] placed, long address) {
    int region = (int) (address >>> 40);
    LinearPages pages = placed[region];
    return pages == null ? 0 : pages.direct((address & 0xff_ffffffffL) >>> 12);
  }

  private int frame(AddressSpace space, int[] page, long address, int shift, boolean write) {
    Integer known = frames.get(address >>> 12);
    if (known == null) {
      if (count == Room.FRAME_COUNT) {
        writeBack();
      }
      known = count++;
      frames.put(address >>> 12, known);
      written[known] = false;
      words[known] = page == null ? space.read(address, shift) : page;
      int to = place(known);
      for (int i = 0; i < Pages.WORDS; i++) {
        Address.fromInt(to + 4 * i).putInt(words[known][i]);
      }
    }
    if (write) {
      written[known] = true;
      words[known] = page;
    }
    return place(known);
  }

  private int place(int frame) {
    return at + Room.FRAMES + Pages.PAGE * frame;
  }

  private void remember(int table, long address, int host) {
    int entry = at + table + 16 * ((int) (address >>> 12) & Room.SLOTS - 1);
    Address.fromInt(entry).putLong(address & ~4095L);
    Address.fromInt(entry + 8).putInt(host);
  }

  /** Gives the machine what was written and forgets all copies. */
  void writeBack() {
    for (int f = 0; f < count; f++) {
      if (written[f]) {
        int from = place(f);
        int[] to = words[f];
        for (int i = 0; i < Pages.WORDS; i++) {
          to[i] = Address.fromInt(from + 4 * i).getInt();
        }
      }
      words[f] = null;
    }
    forget();
  }

  private void forget() {
    count = 0;
    frames.clear();
    for (int i = 0; i < 2 * Room.SLOTS; i++) {
      Address.fromInt(at + Room.READS + 16 * i).putLong(-1);
    }
  }
}
