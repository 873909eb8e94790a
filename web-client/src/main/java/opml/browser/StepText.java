package opml.browser;

import opml.assembly.Disassembler;
import opml.assembly.Registers;
import opml.game.Position;
import opml.step.StepVerifier;

/**
 * What one step does, read from its witness alone: the instruction and the registers it changes.
 */
final class StepText {
  private static final int OPERATOR = 1 << 24;
  private static final int YIELD_BYTES = 167;
  private static final int RUN_BYTES = 487;
  private static final int V = 257;
  private static final int V_END = 289;

  private StepText() {}

  /** Whether the state at an index is an operator's first. */
  static boolean boundary(long index) {
    return (index & OPERATOR - 1) == 0;
  }

  /**
   * First line: pc and instruction, or nothing when none is executed. Then a line for each register
   * that changes: name, before, after.
   */
  static String of(byte[] witness, boolean boundary) {
    boolean resumes = boundary && witness[0] == 1;
    int leaf = resumes ? YIELD_BYTES : RUN_BYTES;
    if (!resumes && witness[0] != 0 || witness.length <= leaf) {
      return "";
    }
    byte[] before = resumes ? new byte[RUN_BYTES] : witness;
    if (resumes) {
      before[3] = 1; // pc 0x100_00000000, the base of CODE
    }
    long pc = 0;
    for (int i = 1; i < 9; i++) {
      pc = pc << 8 | before[i] & 255;
    }
    int word = 0;
    for (int i = 3; i >= 0; i--) {
      word = word << 8 | witness[leaf + ((int) pc & 31) + i] & 255;
    }
    StringBuilder out = new StringBuilder();
    out.append(Long.toHexString(pc)).append('\t').append(Disassembler.text(word, pc)).append('\n');
    byte[] after = StepVerifier.running(witness, boundary);
    if (after != null) {
      for (int i = 0; i < 32; i++) {
        line(out, i == 0 ? "pc" : Registers.name(i), before, after, 1 + 8 * i, 9 + 8 * i);
      }
      line(out, "V", before, after, V, V_END);
    }
    return out.toString();
  }

  /** Index, width, lo and hi, separated by tabs. */
  static String of(Position p) {
    StringBuilder out = new StringBuilder();
    out.append(p.loIndex()).append('\t').append(p.width()).append("\t0x");
    hex(out, p.lo(), 0, 32).append("\t0x");
    return hex(out, p.hi(), 0, 32).toString();
  }

  private static void line(
      StringBuilder out, String name, byte[] before, byte[] after, int from, int to) {
    boolean same = true;
    for (int i = from; i < to; i++) {
      same &= before[i] == after[i];
    }
    if (!same) {
      out.append(name).append('\t');
      hex(out, before, from, to).append('\t');
      hex(out, after, from, to).append('\n');
    }
  }

  private static StringBuilder hex(StringBuilder out, byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      out.append("0123456789abcdef".charAt(bytes[i] >> 4 & 15));
      out.append("0123456789abcdef".charAt(bytes[i] & 15));
    }
    return out;
  }
}
