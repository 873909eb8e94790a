package opml.inference.emitted;

import static opml.inference.emitted.Assembler.R10;
import static opml.inference.emitted.Assembler.R8;
import static opml.inference.emitted.Assembler.R9;
import static opml.inference.emitted.Assembler.RAX;
import static opml.inference.emitted.Assembler.RCX;
import static opml.inference.emitted.Assembler.RDI;
import static opml.inference.emitted.Assembler.RDX;
import static opml.inference.emitted.Assembler.RSI;
import static opml.inference.emitted.Assembler.Y;
import static opml.inference.emitted.Assembler.Z;

import java.util.function.IntConsumer;

/**
 * Emits attention of one query head: scores, softmax, mix, as docs/protocol.md section 8 orders.
 */
final class HeadCode {
  // argument block; addresses first
  static final int QUERY = 0;
  static final int KEYS = 8;
  static final int KEY_SCALES = 16;
  static final int VALUES = 24;
  static final int VALUE_SCALES = 32;
  static final int SCORES = 40;
  static final int MIXED = 48;
  static final int POSITIONS = 56;
  static final int EIGHTS = 64;
  static final int TAIL_MASK = 72;
  static final int QUERY_SCALE = 80;
  static final int SCORE_SCALE = 84;
  static final int LOWEST = 88;
  static final int CONSTANTS = 128;
  static final int SHORTS = CONSTANTS + Exponential.BYTES;

  private static final int TEMPORARY = 9;
  private static final int TOP = 13;
  private static final int DQ = 14;
  private static final int SCALE = 15;
  private static final int SUM = 16;

  private final Assembler a = new Assembler(Level.AVX512);
  private final EightLanes lanes = new EightLanes(a);
  private final Exponential e = new Exponential(a, Y);
  private final int headDim;

  /** Plans the kernel of a head dimension, a multiple of 32 up to 256. */
  HeadCode(int headDim) {
    this.headDim = headDim;
  }

  byte[] emit() {
    query();
    e.constants(CONSTANTS);
    a.maskFrom(RDI, TAIL_MASK);
    scores();
    softmax();
    mix();
    a.leave();
    return a.code();
  }

  /** 128 * hi + lo as 16-bit integers. */
  private void query() {
    a.load(RSI, RDI, QUERY);
    for (int d = 0; d < headDim; d += 16) {
      a.memory(Instruction.BYTES_TO_SHORTS, Y, 0, 0, RSI, d);
      a.memory(Instruction.BYTES_TO_SHORTS, Y, 1, 0, RSI, headDim + d);
      a.registers(Instruction.SHIFT_16, Y, 6, 0, 0, 7);
      a.registers(Instruction.ADD_16, Y, 0, 0, 1);
      a.memory(Instruction.FLOAT_STORE, Y, 0, 0, RDI, SHORTS + 2 * d);
    }
  }

  /** Eight positions a round: {@code body} gets 0, then once 1, the mask register, for the rest. */
  private void eights(IntConsumer body) {
    a.load(RAX, RDI, EIGHTS);
    a.add(RAX, 0);
    int none = a.ifZero();
    int loop = a.here();
    body.accept(0);
    a.add(RAX, -1);
    a.loopTo(loop);
    a.land(none);
    a.load(RAX, RDI, TAIL_MASK);
    a.add(RAX, 0);
    none = a.ifZero();
    body.accept(1);
    a.land(none);
  }

  private void scores() {
    a.load(RSI, RDI, KEYS);
    a.load(RDX, RDI, KEY_SCALES);
    a.load(R8, RDI, SCORES);
    a.memory(Instruction.BROADCAST, Y, DQ, 0, RDI, QUERY_SCALE);
    a.memory(Instruction.BROADCAST, Y, SCALE, 0, RDI, SCORE_SCALE);
    a.memory(Instruction.BROADCAST, Y, TOP, 0, RDI, LOWEST);
    eights(this::eightScores);
    lanes.across(Instruction.FLOAT_MOST, TOP, TEMPORARY);
  }

  private void eightScores(int mask) {
    for (int p = 0; p < 8; p++) {
      a.registers(Instruction.XOR, Y, p, p, p);
    }
    for (int d = 0; d < headDim; d += 16) {
      a.memory(Instruction.FLOAT_LOAD, Y, 8, 0, RDI, SHORTS + 2 * d);
      for (int p = 0; p < 8; p++) {
        a.memory(Instruction.DOT_SHORTS, Y, p, 8, RSI, 2 * (p * headDim + d));
      }
    }
    for (int p = 0; p < 8; p += 2) {
      lanes.join(Instruction.UNPACK_LOW_32, Instruction.UNPACK_HIGH_32, p, p + 1, TEMPORARY);
    }
    lanes.join(Instruction.UNPACK_LOW_64, Instruction.UNPACK_HIGH_64, 0, 2, TEMPORARY);
    lanes.join(Instruction.UNPACK_LOW_64, Instruction.UNPACK_HIGH_64, 4, 6, TEMPORARY);
    a.registers(Instruction.SHUFFLE_128, Y, TEMPORARY, 0, 4, 0);
    a.registers(Instruction.SHUFFLE_128, Y, 0, 0, 4, 3);
    a.registers(Instruction.ADD, Y, 0, 0, TEMPORARY);
    a.registers(Instruction.TO_FLOAT, Y, 0, 0, 0);
    a.masked(Instruction.FLOAT_MULTIPLY, Y, 1, DQ, RDX, 0, mask);
    a.registers(Instruction.FLOAT_MULTIPLY, Y, 0, 0, 1);
    a.registers(Instruction.FLOAT_MULTIPLY, Y, 0, 0, SCALE);
    e.canonical(0);
    a.storeMasked(Y, 0, R8, 0, mask);
    a.masked(Instruction.FLOAT_MOST, Y, TOP, 0, TOP, mask, false);
    a.add(RSI, 16 * headDim);
    a.add(RDX, 32);
    a.add(R8, 32);
  }

  private void softmax() {
    a.load(R8, RDI, SCORES);
    a.registers(Instruction.XOR, Y, SUM, SUM, SUM);
    eights(
        mask -> {
          a.masked(Instruction.FLOAT_LOAD, Y, 0, 0, R8, 0, mask);
          a.registers(Instruction.FLOAT_SUBTRACT, Y, 0, 0, TOP);
          e.exp(0);
          e.canonical(0);
          a.storeMasked(Y, 0, R8, 0, mask);
          a.masked(Instruction.FLOAT_ADD, Y, SUM, SUM, 0, mask, false);
          a.add(R8, 32);
        });
    lanes.across(Instruction.FLOAT_ADD, SUM, TEMPORARY);
    a.registers(Instruction.FLOAT_DIVIDE, Y, SUM, Exponential.ONE, SUM);
    a.load(R8, RDI, SCORES);
    eights(
        mask -> {
          a.masked(Instruction.FLOAT_MULTIPLY, Y, 0, SUM, R8, 0, mask);
          e.canonical(0);
          a.storeMasked(Y, 0, R8, 0, mask);
          a.add(R8, 32);
        });
  }

  /** o += (p * dv) * (float) v, positions ascending. */
  private void mix() {
    a.load(R8, RDI, SCORES);
    a.load(RCX, RDI, VALUES);
    a.load(RDX, RDI, VALUE_SCALES);
    a.load(R9, RDI, POSITIONS);
    a.load(R10, RDI, MIXED);
    int parts = headDim / 16;
    for (int i = 0; i < parts; i++) {
      a.registers(Instruction.XOR, Z, i, i, i);
    }
    int loop = a.here();
    a.memory(Instruction.BROADCAST, Z, 16, 0, R8, 0);
    a.memory(Instruction.BROADCAST, Z, 17, 0, RDX, 0);
    a.registers(Instruction.FLOAT_MULTIPLY, Z, 16, 16, 17);
    for (int i = 0; i < parts; i++) {
      a.memory(Instruction.SHORTS_TO_INTS, Z, 18, 0, RCX, 32 * i);
      a.registers(Instruction.TO_FLOAT, Z, 18, 0, 18);
      a.registers(Instruction.FLOAT_MULTIPLY, Z, 18, 18, 16);
      a.registers(Instruction.FLOAT_ADD, Z, i, i, 18);
    }
    a.add(R8, 4);
    a.add(RDX, 4);
    a.add(RCX, 2 * headDim);
    a.add(R9, -1);
    a.loopTo(loop);
    Exponential wide = new Exponential(a, Z);
    for (int i = 0; i < parts; i++) {
      wide.canonical(i);
      a.memory(Instruction.FLOAT_STORE, Z, i, 0, R10, 64 * i);
    }
  }
}
