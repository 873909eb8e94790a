package opml.translate;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One translated method: intermediate code first, then machine words and what callers must know
 * about it.
 */
final class Routine {
  final String name;
  final List<Block> blocks = new ArrayList<>();
  final Set<Routine> callees = new LinkedHashSet<>();

  /** Registers that it or a callee writes. */
  final BitSet clobbers = new BitSet(32);

  int registers = 32;
  int slots;
  int arguments;

  /** Words without the addresses of callees and slots, which {@link Linker} fills in. */
  int[] code;

  final List<Fixup> fixups = new ArrayList<>();

  /**
   * Most instructions of one call, for callers in a loop and for callers that are not (see {@link
   * WorstCase}).
   */
  Cost repeated;

  Cost single;

  /** The place that costs most in a call, for the message about an operator over budget. */
  String heaviest = "";

  Routine heaviestCallee;

  /**
   * A word to be completed: with the callee's address, or with the byte offset of a slot when
   * callee is null.
   */
  record Fixup(int word, Routine callee, int slot, boolean store) {}

  Routine(String name) {
    this.name = name;
  }

  int fresh() {
    return registers++;
  }
}
