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

import java.util.function.Consumer;

/**
 * Emits attention of one query head for AVX2 in three routines, so that threads can share a long
 * one: scores of some positions, softmax, mix of some dimensions. Arguments are those of {@link
 * HeadCode} and the ones below.
 */
final class HeadPartsCode {
  /** Lanes of the last group of eight positions: all bits set or none. */
  static final int TAIL = 96;

  static final int CONSTANTS = 128;
  static final int NAN = CONSTANTS + 32 * (Exponential.NAN - Exponential.FIRST);
  static final int SHORTS = CONSTANTS + Exponential.SPREAD_BYTES;

  /** Bytes fetched ahead: processors stop at the end of a page of 4 KiB. */
  private static final int AHEAD = 2048;

  private static final int TEMPORARY = 9;
  private static final int MASK = 10;
  private static final int TOP = 11;
  private static final int SUM = 12;
  private static final int DQ = 13;
  private static final int SCALE = 14;

  private final Assembler a = new Assembler(Level.AVX2);
  private final EightLanes lanes = new EightLanes(a);
  private final Exponential e = Exponential.fromMemory(a, CONSTANTS);

  private HeadPartsCode() {}

  private static byte[] emit(Consumer<HeadPartsCode> body) {
    HeadPartsCode code = new HeadPartsCode();
    code.lanes.constants(NAN);
    body.accept(code);
    code.a.leave();
    return code.a.code();
  }

  /** Scores for a head dimension, a multiple of 32 up to 256. */
  static byte[] scores(int headDim) {
    return emit(c -> c.allScores(headDim));
  }

  /** Scores become weights. */
  static byte[] softmax() {
    return emit(HeadPartsCode::weights);
  }

  /** {@code dims} dimensions, a multiple of 32, of a head of {@code headDim}. */
  static byte[] mix(int headDim, int dims) {
    return emit(c -> c.mixAll(headDim, dims));
  }

  /** Eight positions a round: {@code body} gets false, then once true for the rest. */
  private void eights(Consumer<Boolean> body) {
    a.load(RAX, RDI, HeadCode.EIGHTS);
    a.add(RAX, 0);
    int none = a.ifZero();
    lanes.repeat(RAX, () -> body.accept(false));
    a.land(none);
    a.load(RAX, RDI, HeadCode.TAIL_MASK);
    a.add(RAX, 0);
    none = a.ifZero();
    a.memory(Instruction.FLOAT_LOAD, Y, MASK, 0, RDI, TAIL);
    body.accept(true);
    a.land(none);
  }

  private void load(boolean tail, int reg, int base) {
    if (tail) {
      a.memory(Instruction.FLOAT_LOAD_BY_SIGN, Y, reg, MASK, base, 0);
    } else {
      a.memory(Instruction.FLOAT_LOAD, Y, reg, 0, base, 0);
    }
  }

  private void store(boolean tail, int reg, int base) {
    if (tail) {
      a.memory(Instruction.FLOAT_STORE_BY_SIGN, Y, reg, MASK, base, 0);
    } else {
      a.memory(Instruction.FLOAT_STORE, Y, reg, 0, base, 0);
    }
  }

  private void allScores(int headDim) {
    a.load(RSI, RDI, HeadCode.QUERY);
    for (int d = 0; d < headDim; d += 16) {
      a.memory(Instruction.BYTES_TO_SHORTS, Y, 0, 0, RSI, d);
      a.memory(Instruction.BYTES_TO_SHORTS, Y, 1, 0, RSI, headDim + d);
      a.registers(Instruction.SHIFT_16, Y, 6, 0, 0, 7);
      a.registers(Instruction.ADD_16, Y, 0, 0, 1);
      a.memory(Instruction.FLOAT_STORE, Y, 0, 0, RDI, SHORTS + 2 * d);
    }
    a.load(RSI, RDI, HeadCode.KEYS);
    a.load(RDX, RDI, HeadCode.KEY_SCALES);
    a.load(R8, RDI, HeadCode.SCORES);
    a.memory(Instruction.BROADCAST, Y, DQ, 0, RDI, HeadCode.QUERY_SCALE);
    a.memory(Instruction.BROADCAST, Y, SCALE, 0, RDI, HeadCode.SCORE_SCALE);
    eights(tail -> eightScores(headDim, tail));
  }

  private void eightScores(int headDim, boolean tail) {
    for (int i = 0; i < 16 * headDim && !tail; i += 64) {
      a.prefetch(RSI, AHEAD + i);
    }
    for (int d = 0; d < headDim; d += 16) {
      a.memory(Instruction.FLOAT_LOAD, Y, 8, 0, RDI, SHORTS + 2 * d);
      for (int p = 0; p < 8; p++) {
        int to = d == 0 ? p : TEMPORARY;
        a.memory(Instruction.MULTIPLY_PAIRS, Y, to, 8, RSI, 2 * (p * headDim + d));
        if (d > 0) {
          a.registers(Instruction.ADD, Y, p, p, TEMPORARY);
        }
      }
    }
    for (int p = 0; p < 8; p += 2) {
      lanes.join(Instruction.UNPACK_LOW_32, Instruction.UNPACK_HIGH_32, p, p + 1, TEMPORARY);
    }
    lanes.join(Instruction.UNPACK_LOW_64, Instruction.UNPACK_HIGH_64, 0, 2, TEMPORARY);
    lanes.join(Instruction.UNPACK_LOW_64, Instruction.UNPACK_HIGH_64, 4, 6, TEMPORARY);
    a.registers(Instruction.PERMUTE_128, Y, TEMPORARY, 0, 4, 0x20);
    a.registers(Instruction.PERMUTE_128, Y, 0, 0, 4, 0x31);
    a.registers(Instruction.ADD, Y, 0, 0, TEMPORARY);
    a.registers(Instruction.TO_FLOAT, Y, 0, 0, 0);
    load(tail, 1, RDX);
    a.registers(Instruction.FLOAT_MULTIPLY, Y, 1, DQ, 1);
    a.registers(Instruction.FLOAT_MULTIPLY, Y, 0, 0, 1);
    a.registers(Instruction.FLOAT_MULTIPLY, Y, 0, 0, SCALE);
    lanes.canonical(0, 1);
    store(tail, 0, R8);
    a.add(RSI, 16 * headDim);
    a.add(RDX, 32);
    a.add(R8, 32);
  }

  private void weights() {
    a.load(R8, RDI, HeadCode.SCORES);
    a.memory(Instruction.BROADCAST, Y, TOP, 0, RDI, HeadCode.LOWEST);
    eights(
        tail -> {
          load(tail, 0, R8);
          if (tail) {
            a.registers(Instruction.FLOAT_BLEND_BY_SIGN, Y, 0, TOP, 0, MASK << 4);
          }
          a.registers(Instruction.FLOAT_MOST, Y, TOP, 0, TOP);
          a.add(R8, 32);
        });
    lanes.across(Instruction.FLOAT_MOST, TOP, TEMPORARY);
    a.load(R8, RDI, HeadCode.SCORES);
    lanes.zero(SUM);
    eights(
        tail -> {
          load(tail, 0, R8);
          a.registers(Instruction.FLOAT_SUBTRACT, Y, 0, 0, TOP);
          e.exp(0);
          lanes.canonical(0, 1);
          if (tail) {
            a.registers(Instruction.AND, Y, 0, 0, MASK);
          }
          store(tail, 0, R8);
          a.registers(Instruction.FLOAT_ADD, Y, SUM, SUM, 0);
          a.add(R8, 32);
        });
    lanes.across(Instruction.FLOAT_ADD, SUM, TEMPORARY);
    lanes.zero(0);
    e.addOne(0);
    a.registers(Instruction.FLOAT_DIVIDE, Y, SUM, 0, SUM);
    a.load(R8, RDI, HeadCode.SCORES);
    eights(
        tail -> {
          load(tail, 0, R8);
          a.registers(Instruction.FLOAT_MULTIPLY, Y, 0, 0, SUM);
          lanes.canonical(0, 1);
          store(tail, 0, R8);
          a.add(R8, 32);
        });
  }

  /** o += (p * dv) * (float) v, positions ascending, 64 dimensions at a time. */
  private void mixAll(int headDim, int dims) {
    a.load(R10, RDI, HeadCode.MIXED);
    for (int d = 0; d < dims; d += 64) {
      mix(headDim, d, Math.min(64, dims - d) / 8);
    }
  }

  private void mix(int headDim, int from, int parts) {
    a.load(R8, RDI, HeadCode.SCORES);
    a.load(RCX, RDI, HeadCode.VALUES);
    a.load(RDX, RDI, HeadCode.VALUE_SCALES);
    a.load(R9, RDI, HeadCode.POSITIONS);
    for (int i = 0; i < parts; i++) {
      lanes.zero(i);
    }
    lanes.repeat(
        R9,
        () -> {
          for (int i = 0; i < 16 * parts; i += 64) {
            a.prefetch(RCX, AHEAD + 2 * from + i);
          }
          a.memory(Instruction.BROADCAST, Y, 8, 0, R8, 0);
          a.memory(Instruction.BROADCAST, Y, 9, 0, RDX, 0);
          a.registers(Instruction.FLOAT_MULTIPLY, Y, 8, 8, 9);
          for (int i = 0; i < parts; i++) {
            a.memory(Instruction.SHORTS_TO_INTS, Y, 9, 0, RCX, 2 * (from + 8 * i));
            a.registers(Instruction.TO_FLOAT, Y, 9, 0, 9);
            a.registers(Instruction.FLOAT_MULTIPLY, Y, 9, 9, 8);
            a.registers(Instruction.FLOAT_ADD, Y, i, i, 9);
          }
          a.add(R8, 4);
          a.add(RDX, 4);
          a.add(RCX, 2 * headDim);
        });
    for (int i = 0; i < parts; i++) {
      lanes.canonical(i, 9);
      a.memory(Instruction.FLOAT_STORE, Y, i, 0, R10, 4 * (from + 8 * i));
    }
  }
}
