package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static opml.inference.emitted.Assembler.R11;
import static opml.inference.emitted.Assembler.RAX;
import static opml.inference.emitted.Assembler.RCX;
import static opml.inference.emitted.Assembler.RDI;
import static opml.inference.emitted.Assembler.RDX;
import static opml.inference.emitted.Assembler.RSI;
import static opml.inference.emitted.Assembler.X;
import static opml.inference.emitted.Assembler.Y;

import java.lang.foreign.MemorySegment;
import opml.guest.Header;

/** Emits the way of a quantized vector into a {@link PairTable}. */
final class PairTableCode {
  // argument block, after VectorArguments
  static final int GROUPS = 32;
  private static final int SPLIT = 64;
  private static final int ORDER = 96;
  private static final int TAIL_MASK = 128;
  private static final int ONES = 160;
  static final int ARGUMENT_BYTES = 288;

  private static final int SCALE = 12;
  private static final int SUM = 13;

  private final Assembler a = new Assembler(Level.AVX2);
  private final PairGroup group;
  private final Form form;
  private final int blocks;
  private final int vectors;

  /** Plans the code for vectors of so many blocks, {@code vectors} in a table. */
  PairTableCode(Form form, int blocks, int vectors) {
    this.form = form;
    this.blocks = blocks;
    this.vectors = vectors;
    group = new PairGroup(a, form, PairGroup.NO_REGISTER);
  }

  /** Fills the constants of an argument block. */
  static void fill(MemorySegment arguments, int tail) {
    for (int i = 0; i < 8; i++) {
      for (int half = 0; half < 32; half += 16) {
        int from = i < 4 ? 4 * i : 4 * i - 14;
        arguments.set(JAVA_BYTE, SPLIT + half + 2 * i, (byte) from);
        arguments.set(JAVA_BYTE, SPLIT + half + 2 * i + 1, (byte) (from + 1));
      }
      arguments.set(JAVA_INT, ORDER + 4 * PairTable.lane(i), i);
      arguments.set(JAVA_INT, TAIL_MASK + 4 * i, i < tail ? -1 : 0);
    }
  }

  /** The header's ones as weights: their sums are those of the values. */
  static void ones(MemorySegment arguments, MemorySegment weights) {
    for (int i = 0; i < 32; i++) {
      // value i of a block meets the nibble at bit 8 * odd + 4 * upper of lane i / 2
      int part = i / 16 + 2 * (i & 1);
      short one = weights.get(JAVA_BYTE, Header.ONES - Header.BASE + i);
      arguments.set(JAVA_SHORT, ONES + 32 * part + (i & 15) / 2 * 2, one);
      arguments.set(JAVA_SHORT, ONES + 32 * part + 16 + (i & 15) / 2 * 2, one);
    }
  }

  byte[] emit() {
    a.load(RSI, RDI, VectorArguments.VALUES);
    a.load(RDX, RDI, VectorArguments.SCALES);
    a.load(RCX, RDI, VectorArguments.SUMS);
    a.load(R11, RDI, VectorArguments.TABLE);
    a.memory(Instruction.LOAD, Y, 14, 0, RDI, ORDER);
    a.memory(Instruction.LOAD, Y, 15, 0, RDI, SPLIT);
    if (blocks >= 8) {
      a.load(RAX, RDI, GROUPS);
      int loop = a.here();
      group(8);
      a.add(RSI, 512);
      a.add(RDX, 32);
      a.add(RCX, 32);
      a.add(R11, PairTable.groupBytes(form) * vectors);
      a.add(RAX, -1);
      a.loopTo(loop);
    }
    if ((blocks & 7) > 0) {
      group(blocks & 7);
    }
    a.leave();
    return a.code();
  }

  private void group(int count) {
    for (int b = 0; b < count; b++) {
      split(0, 64 * b);
      split(1, 64 * b + 32);
      if (form.nibbles) {
        int to = 128 * (b >> 1) + 16 * (b & 1);
        for (int i = 0; i < 2; i++) {
          a.memory(Instruction.FLOAT_STORE, X, i, 0, R11, to + 32 * i);
          a.memory(Instruction.EXTRACT_128, Y, i, 0, R11, to + 32 * i + 64, 1);
        }
      } else {
        a.registers(Instruction.PERMUTE_128, Y, 2, 0, 1, 0x20);
        a.registers(Instruction.PERMUTE_128, Y, 3, 0, 1, 0x31);
        a.memory(Instruction.FLOAT_STORE, Y, 2, 0, R11, 64 * b);
        a.memory(Instruction.FLOAT_STORE, Y, 3, 0, R11, 64 * b + 32);
      }
    }
    eight(SCALE, RDX, count);
    store(SCALE, PairTable.SCALE);
    extra(count);
  }

  /** Sixteen values: those of even places, then the others. */
  private void split(int to, int at) {
    a.memory(Instruction.LOAD, Y, to, 0, RSI, at);
    a.registers(Instruction.SHUFFLE_BYTES, Y, to, to, 15);
    a.registers(Instruction.PERMUTE_64, Y, to, 0, to, 0xd8);
  }

  /** Eight 32-bit items in the order of lanes. */
  private void eight(int to, int base, int count) {
    a.memory(Instruction.LOAD, Y, to, 0, base, 0);
    if (count < 8) {
      a.memory(Instruction.AND, Y, to, to, RDI, TAIL_MASK);
    }
    a.registers(Instruction.PERMUTE_32, Y, to, 14, to);
  }

  private void store(int from, int at) {
    a.memory(Instruction.FLOAT_STORE, Y, from, 0, R11, at);
  }

  private void extra(int count) {
    switch (form) {
      case Q8_0, Q6_K -> {}
      case Q4_0 -> {
        eight(SUM, RCX, count);
        a.registers(Instruction.SHIFT_32, Y, 6, SUM, SUM, 3);
        store(SUM, PairTable.EXTRA);
      }
      case Q4_1, Q5_1 -> {
        eight(SUM, RCX, count);
        a.registers(Instruction.TO_FLOAT, Y, SUM, 0, SUM);
        a.registers(Instruction.FLOAT_MULTIPLY, Y, SUM, SCALE, SUM);
        store(SUM, PairTable.EXTRA);
      }
      case Q4_K, Q5_K -> {
        eight(SUM, RCX, count);
        store(SUM, PairTable.EXTRA);
      }
      case Q3_K, Q2_K -> {
        for (int i = 0; i < 4; i++) {
          for (int k = 0; k < 4; k++) {
            a.memory(Instruction.LOAD, Y, k, 0, RDI, ONES + 32 * k);
          }
          group.products(PairGroup.FIRST + i, PairGroup.SECOND + i, 128 * i);
        }
        group.fold();
        for (int half = 0; half < 2; half++) {
          int sums = half == 0 ? PairGroup.FIRST : PairGroup.SECOND;
          if (form == Form.Q3_K) {
            a.registers(Instruction.SHIFT_32, Y, 6, sums, sums, 2);
          }
          store(sums, half == 0 ? PairTable.EXTRA : PairTable.SECOND_EXTRA);
        }
      }
    }
  }
}
