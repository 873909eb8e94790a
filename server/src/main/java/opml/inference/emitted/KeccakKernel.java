package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
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

  static final int ROUNDS = 24;
  private static final int CONSTANTS = 64;

  /** Where the argument block goes on after the constants. */
  static final int TABLE_END = CONSTANTS + 64 * (ROUNDS + 2);

  private static final MemorySegment CODE =
      CodeMemory.place(
          Emission.has(Level.AVX512) ? new KeccakCode().emit() : new KeccakFourCode().emit());

  private final MemorySegment arguments;

  /** Room for the arguments of one thread. */
  public KeccakKernel(Arena arena) {
    arguments = arena.allocate(KeccakFourCode.BYTES, 64);
    arguments.set(JAVA_LONG, 24, arguments.address() + CONSTANTS);
    arguments.set(JAVA_LONG, 32, ROUNDS);
    for (int i = 0; i < 8; i++) {
      for (int r = 0; r < ROUNDS; r++) {
        arguments.set(JAVA_LONG, CONSTANTS + 64L * r + 8L * i, Keccak.roundConstant(r));
      }
      arguments.set(JAVA_LONG, CONSTANTS + 64L * ROUNDS + 8L * i, 1);
      arguments.set(JAVA_LONG, CONSTANTS + 64L * ROUNDS + 64 + 8L * i, Long.MIN_VALUE);
    }
    for (int i = 0; i < 32; i++) {
      int word = i & 8;
      arguments.set(JAVA_BYTE, KeccakFourCode.BY_8 + i, (byte) (word | i + 7 & 7));
      arguments.set(JAVA_BYTE, KeccakFourCode.BY_56 + i, (byte) (word | i + 1 & 7));
    }
  }

  /**
   * Hashes groups of {@link #UNIT} pairs.
   *
   * @param in address of 64 bytes a pair
   * @param out address of 32 bytes a pair; may be in
   */
  public void run(long in, long out, int groups) {
    arguments.set(JAVA_LONG, 0, in);
    arguments.set(JAVA_LONG, 8, out);
    arguments.set(JAVA_LONG, 16, groups);
    Emission.call(CODE, arguments);
  }

  /**
   * Cycles that a hash takes at least, if no vector unit ever waits: 90 instructions a round of
   * eight states on two units of 512 bits (copies cost none), or 184 of four states on four of 256.
   *
   * @return 0 where nothing is emitted
   */
  public static double leastCycles() {
    return switch (Emission.level()) {
      case AVX512 -> ROUNDS * 90 / 2.0 / 8;
      case AVX2 -> ROUNDS * 184 / 4.0 / 4;
      case NONE -> 0;
    };
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
