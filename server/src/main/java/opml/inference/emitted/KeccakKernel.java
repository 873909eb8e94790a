package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static opml.inference.emitted.Assembler.R10;
import static opml.inference.emitted.Assembler.R8;
import static opml.inference.emitted.Assembler.R9;
import static opml.inference.emitted.Assembler.RCX;
import static opml.inference.emitted.Assembler.RDI;
import static opml.inference.emitted.Assembler.RDX;
import static opml.inference.emitted.Assembler.RSI;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import opml.commitment.Keccak;

/** Keccak-256 of eight pairs of nodes at a time. */
public final class KeccakKernel {
  /** Pairs that are hashed together. */
  public static final int UNIT = 8;

  private static final int ROUNDS = 24;
  private static final int CONSTANTS = 64;
  private static final MemorySegment CODE = CodeMemory.place(new KeccakCode().emit());

  private final MemorySegment arguments;

  /** Room for the arguments of one thread. */
  public KeccakKernel(Arena arena) {
    arguments = arena.allocate(CONSTANTS + 64L * (ROUNDS + 2), 64);
    arguments.set(JAVA_LONG, 24, arguments.address() + CONSTANTS);
    arguments.set(JAVA_LONG, 32, ROUNDS);
    for (int i = 0; i < 8; i++) {
      for (int r = 0; r < ROUNDS; r++) {
        arguments.set(JAVA_LONG, CONSTANTS + 64L * r + 8L * i, Keccak.roundConstant(r));
      }
      arguments.set(JAVA_LONG, CONSTANTS + 64L * ROUNDS + 8L * i, 1);
      arguments.set(JAVA_LONG, CONSTANTS + 64L * ROUNDS + 64 + 8L * i, Long.MIN_VALUE);
    }
  }

  /**
   * Hashes groups of {@link #UNIT} pairs.
   *
   * @param in address of 512 bytes a group
   * @param out address of 256 bytes a group; may be in
   */
  public void run(long in, long out, int groups) {
    arguments.set(JAVA_LONG, 0, in);
    arguments.set(JAVA_LONG, 8, out);
    arguments.set(JAVA_LONG, 16, groups);
    Emission.call(CODE, arguments);
  }

  /** Where the code finds its arguments and what it keeps in which register. */
  static final class Registers {
    static final int ARGUMENTS = RDI;
    static final int IN = RSI;
    static final int OUT = RCX;
    static final int GROUPS = R9;
    static final int TABLE = R8;
    static final int ROW = RDX;
    static final int COUNT = R10;

    private Registers() {}
  }
}
