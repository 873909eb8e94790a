package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static opml.inference.emitted.Assembler.R11;
import static opml.inference.emitted.Assembler.RAX;
import static opml.inference.emitted.Assembler.RCX;
import static opml.inference.emitted.Assembler.RDI;
import static opml.inference.emitted.Assembler.RDX;
import static opml.inference.emitted.Assembler.RSI;
import static opml.inference.emitted.Assembler.X;
import static opml.inference.emitted.Assembler.Y;

import java.lang.foreign.MemorySegment;

/** Emits the way of a quantized vector into a {@link PanelTable}. */
final class PanelTableCode {
  // argument block, after VectorArguments
  private static final int PANELS = 32;
  private static final int ORDER = 64;
  private static final int ONES = 96;
  static final int ARGUMENT_BYTES = 128;

  private final Assembler a = new Assembler(Level.AVX2);
  private final Form form;

  PanelTableCode(Form form) {
    this.form = form;
  }

  /** Fills what all calls with an argument block share. */
  static void fill(MemorySegment arguments, int panels) {
    arguments.set(JAVA_LONG, PANELS, panels);
    int[] pairs = {0, 2, 1, 3}; // the bytes of 32 bits: low ones, then high ones of 16
    for (int i = 0; i < 32; i++) {
      arguments.set(JAVA_BYTE, ORDER + i, (byte) ((i & 8) + 2 * pairs[i >> 1 & 3] + (i & 1)));
    }
    for (int i = 0; i < 8; i++) {
      arguments.set(JAVA_INT, ONES + 4 * i, 0x00010001);
    }
  }

  byte[] emit() {
    a.load(RSI, RDI, VectorArguments.VALUES);
    a.load(RDX, RDI, VectorArguments.SCALES);
    a.load(RCX, RDI, VectorArguments.SUMS);
    a.load(R11, RDI, VectorArguments.TABLE);
    a.load(RAX, RDI, PANELS);
    a.memory(Instruction.LOAD, Y, 15, 0, RDI, ORDER);
    a.memory(Instruction.LOAD, Y, 14, 0, RDI, ONES);
    int loop = a.here();
    for (int b = 0; b < 8; b++) {
      block(64 * b, 4 * b, PanelTable.BLOCK_BYTES * b);
    }
    a.add(RSI, 512);
    a.add(RDX, 32);
    a.add(RCX, 32);
    a.add(R11, PanelTable.PANELS_BYTES);
    a.add(RAX, -1);
    a.loopTo(loop);
    a.leave();
    return a.code();
  }

  private void block(int values, int scale, int to) {
    for (int half = 0; half < 2; half++) {
      a.memory(Instruction.LOAD, Y, half, 0, RSI, values + 32 * half);
      a.registers(Instruction.SHUFFLE_BYTES, Y, 2 + half, half, 15);
    }
    if (form.nibbles) {
      a.registers(Instruction.UNPACK_LOW_32, Y, 4, 2, 3);
      a.registers(Instruction.UNPACK_HIGH_32, Y, 5, 2, 3);
      for (int i = 0; i < 2; i++) {
        a.memory(Instruction.FLOAT_STORE, X, 4 + i, 0, R11, to + 16 * i);
        a.memory(Instruction.EXTRACT_128, Y, 4 + i, 0, R11, to + 32 + 16 * i, 1);
      }
    } else {
      a.memory(Instruction.FLOAT_STORE, Y, 2, 0, R11, to);
      a.memory(Instruction.FLOAT_STORE, Y, 3, 0, R11, to + 32);
    }
    a.memory(Instruction.LOAD_32, X, 4, 0, RDX, scale);
    a.memory(Instruction.SCALAR_STORE, X, 4, 0, R11, to + PanelTable.SCALE);
    if (form == Form.Q2_K) {
      sum(0, to + PanelTable.EXTRA);
      sum(1, to + PanelTable.SECOND_EXTRA);
    } else if (form.minima) {
      a.memory(Instruction.LOAD_32, X, 5, 0, RCX, scale);
      if (!form.superBlocks()) {
        a.registers(Instruction.TO_FLOAT, X, 5, 0, 5);
        a.registers(Instruction.FLOAT_MULTIPLY, X, 5, 4, 5);
      }
      a.memory(Instruction.SCALAR_STORE, X, 5, 0, R11, to + PanelTable.EXTRA);
    }
  }

  /** The sum of sixteen values. */
  private void sum(int register, int to) {
    a.registers(Instruction.MULTIPLY_PAIRS, Y, register, register, 14);
    a.registers(Instruction.EXTRACT_128, Y, register, 0, 6, 1);
    a.registers(Instruction.ADD, X, register, register, 6);
    a.registers(Instruction.SHUFFLE_32, X, 6, 0, register, 0x4e);
    a.registers(Instruction.ADD, X, register, register, 6);
    a.registers(Instruction.SHUFFLE_32, X, 6, 0, register, 0xb1);
    a.registers(Instruction.ADD, X, register, register, 6);
    a.memory(Instruction.SCALAR_STORE, X, register, 0, R11, to);
  }
}
