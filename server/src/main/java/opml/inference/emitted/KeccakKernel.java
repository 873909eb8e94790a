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

  static final int ROUNDS = 24;

  /** Where the argument block has a row for each round's constant, and two for the padding. */
  static final int CONSTANTS = 64;

  static final int CONSTANT_BYTES = 64 * (ROUNDS + 2);

  private static final MemorySegment CODE =
      CodeMemory.place(
          Emission.has(Level.AVX512)
              ? new KeccakCode(Emission.multishift()).emit()
              : new KeccakFourCode().emit());

  private final MemorySegment code;
  private final MemorySegment arguments;

  /** Room for the arguments of one thread. */
  public KeccakKernel(Arena arena) {
    this(arena, CODE);
  }

  /** The same with code of this processor's level. */
  KeccakKernel(Arena arena, MemorySegment code) {
    this.code = code;
    boolean wide = Emission.has(Level.AVX512);
    arguments = arena.allocate(wide ? KeccakCode.BYTES : KeccakFourCode.BYTES, 64);
    arguments.set(JAVA_LONG, 24, arguments.address() + CONSTANTS);
    arguments.set(JAVA_LONG, 32, wide ? KeccakCode.LOOP : KeccakFourCode.LOOP);
    for (int i = 0; i < 8; i++) {
      for (int r = 0; r < ROUNDS; r++) {
        arguments.set(JAVA_LONG, CONSTANTS + 64L * r + 8L * i, Keccak.roundConstant(r));
      }
      arguments.set(JAVA_LONG, CONSTANTS + 64L * ROUNDS + 8L * i, 1);
      arguments.set(JAVA_LONG, CONSTANTS + 64L * ROUNDS + 64 + 8L * i, Long.MIN_VALUE);
    }
    if (wide) {
      KeccakCode.fill(arguments);
    } else {
      KeccakFourCode.fill(arguments);
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
    Emission.call(code, arguments);
  }

  /**
   * Cycles that a hash takes at least, if no vector unit ever waits: 90 instructions a round of
   * eight states on two units of 512 bits (copies cost none), or 184 of four states on four of 256;
   * 29 or 46 in the last one.
   *
   * @return 0 where nothing is emitted
   */
  public static double leastCycles() {
    return switch (Emission.level()) {
      case AVX512 -> (KeccakCode.LOOP * 90 + 29) / 2.0 / 8;
      case AVX2 -> ((ROUNDS - 1) * 184 + 46) / 4.0 / 4;
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
