package opml.inference.emitted;

import static opml.inference.emitted.Assembler.R9;
import static opml.inference.emitted.Assembler.RDI;
import static opml.inference.emitted.Assembler.RDX;
import static opml.inference.emitted.Assembler.RSI;
import static opml.inference.emitted.Assembler.X;
import static opml.inference.emitted.Assembler.Y;

/** Emits the copy of a vector's integers into a {@link PlaneTable}: each is 128 high + low. */
final class PlaneTableCode {
  // argument block
  static final int FROM = 0;
  static final int TO = 8;
  static final int GROUPS = 16;
  static final int STRIDE = 24;
  static final int LOW_BITS = 32;

  /** 0x4000 in every 16-bit lane: what lies in 15 bits is not negative with it. */
  static final int HALF = 36;

  /** All integers with HALF added, or'ed. */
  static final int OUTSIDE = 64;

  static final int ARGUMENT_BYTES = 128;

  private static final int MASK = 15;
  private static final int OFFSET = 14;
  private static final int SEEN = 13;

  private final Assembler a = new Assembler(Level.AVX2);
  private final boolean nibbles;

  private PlaneTableCode(boolean nibbles) {
    this.nibbles = nibbles;
  }

  /** Whole groups of eight blocks, then {@code tail} more blocks. */
  static byte[] emit(boolean nibbles, int tail) {
    PlaneTableCode code = new PlaneTableCode(nibbles);
    Assembler a = code.a;
    a.memory(Instruction.BROADCAST, Y, MASK, 0, RDI, LOW_BITS);
    a.memory(Instruction.BROADCAST, Y, OFFSET, 0, RDI, HALF);
    a.registers(Instruction.XOR, Y, SEEN, SEEN, SEEN);
    a.load(RSI, RDI, FROM);
    a.load(RDX, RDI, TO);
    a.load(R9, RDI, GROUPS);
    a.add(R9, 0);
    int none = a.ifZero();
    int loop = a.here();
    code.blocks(8);
    a.add(RSI, 8 * 64);
    a.addFrom(RDX, RDI, STRIDE);
    a.add(R9, -1);
    a.loopTo(loop);
    a.land(none);
    code.blocks(tail);
    a.memory(Instruction.FLOAT_STORE, Y, SEEN, 0, RDI, OUTSIDE);
    a.leave();
    return a.code();
  }

  private void op(Instruction i, int to, int x, int y) {
    a.registers(i, Y, to, x, y);
  }

  private void blocks(int count) {
    for (int b = 0; b < count; b++) {
      for (int half = 0; half < 2; half++) {
        a.memory(Instruction.LOAD, Y, half, 0, RSI, 64 * b + 32 * half);
        op(Instruction.ADD_16, 4, half, OFFSET);
        op(Instruction.OR, SEEN, SEEN, 4);
        op(Instruction.AND, 2 + half, half, MASK);
        a.registers(Instruction.SHIFT_16, Y, 4, half, half, 7);
      }
      store(0, PlaneTable.high(nibbles, b));
      store(2, PlaneTable.high(nibbles, b) + PlaneTable.low(nibbles));
    }
  }

  /** x and the next register as bytes, to their places. */
  private void store(int x, int to) {
    op(Instruction.PACK_16, x, x, x + 1);
    a.registers(Instruction.PERMUTE_64, Y, x, 0, x, 0xd8);
    a.memory(Instruction.FLOAT_STORE, X, x, 0, RDX, to);
    a.memory(Instruction.EXTRACT_128, Y, x, 0, RDX, to + PlaneTable.second(nibbles), 1);
  }
}
