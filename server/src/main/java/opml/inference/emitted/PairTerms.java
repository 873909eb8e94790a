package opml.inference.emitted;

import static opml.inference.emitted.Assembler.R11;
import static opml.inference.emitted.Assembler.RCX;
import static opml.inference.emitted.Assembler.RDI;
import static opml.inference.emitted.Assembler.RDX;
import static opml.inference.emitted.Assembler.X;
import static opml.inference.emitted.Assembler.Y;
import static opml.inference.emitted.PairGroup.FIRST;
import static opml.inference.emitted.PairGroup.SECOND;

/** Emits the way from the integer sums of eight blocks to their float terms. */
final class PairTerms {
  private final Assembler a;
  private final Form form;

  PairTerms(Assembler a, Form form) {
    this.a = a;
    this.form = form;
  }

  private void op(Instruction i, int to, int x, int y) {
    a.registers(i, Y, to, x, y);
  }

  /**
   * What all vectors multiply the group's sums with. Blocks of 32: scales in 0, minima in 1. K
   * formats: scales in 0 and 1 or scales and minima, factors in 2 and 3, in Q2_K minima in 9, 10.
   *
   * @param before blocks from where the pointers are, a multiple of 8 in K formats
   */
  void shared(int before, int blocks) {
    int third = form.thirdPlane() * before / 8;
    if (!form.superBlocks()) {
      half(0, RDX, 2 * before, blocks);
      if (form.minima) {
        half(1, RCX, third, blocks);
      }
      return;
    }
    factor(2, third);
    if (form.minima) {
      factor(3, third + 2);
    }
    a.memory(Instruction.LOAD, X, 0, 0, RDX, 2 * before);
    a.memory(Instruction.SHUFFLE_BYTES, X, 0, 0, RDI, PairArguments.BYTES_ORDER);
    a.registers(Instruction.SHUFFLE_32, X, 1, 0, 0, 0xee);
    Instruction widen =
        form == Form.Q6_K || form == Form.Q3_K
            ? Instruction.BYTES_TO_INTS
            : Instruction.UNSIGNED_BYTES_TO_INTS;
    op(widen, 0, 0, 0);
    op(widen, 1, 0, 1);
    if (form == Form.Q2_K) {
      for (int i = 0; i < 2; i++) {
        a.registers(Instruction.SHIFT_32, Y, 2, 9 + i, i, 4);
        a.registers(Instruction.SHIFT_32, Y, 6, i, i, 28);
        a.registers(Instruction.SHIFT_32, Y, 2, i, i, 28);
      }
    }
  }

  private void half(int to, int base, int at, int blocks) {
    a.memory(Instruction.LOAD, X, to, 0, base, at);
    if (blocks < 8) {
      a.memory(Instruction.AND, X, to, to, RDI, PairArguments.TAIL_MASK);
    }
    a.memory(Instruction.SHUFFLE_BYTES, X, to, to, RDI, PairArguments.HALVES_ORDER);
    a.registers(Instruction.FROM_HALF, Y, to, 0, to);
  }

  private void factor(int to, int at) {
    a.memory(Instruction.BROADCAST_16, X, to, 0, RCX, at);
    a.registers(Instruction.FROM_HALF, Y, to, 0, to);
  }

  /** FIRST = what docs/protocol.md section 8 makes of the sums in FIRST and SECOND. */
  void emit(int table) {
    switch (form) {
      case Q4_0 -> {
        memory(Instruction.SUBTRACT, FIRST, FIRST, table + PairTable.EXTRA);
        scaled(0, table);
      }
      case Q8_0 -> scaled(0, table);
      case Q4_1, Q5_1 -> {
        scaled(0, table);
        memory(Instruction.FLOAT_MULTIPLY, 5, 1, table + PairTable.EXTRA);
        op(Instruction.FLOAT_ADD, FIRST, FIRST, 5);
      }
      case Q4_K, Q5_K -> {
        op(Instruction.MULTIPLY_32, FIRST, FIRST, 0);
        memory(Instruction.MULTIPLY_32, 5, 1, table + PairTable.EXTRA);
        difference(table);
      }
      case Q6_K -> {
        weighted();
        scaled(2, table);
      }
      case Q3_K -> {
        memory(Instruction.SUBTRACT, FIRST, FIRST, table + PairTable.EXTRA);
        memory(Instruction.SUBTRACT, SECOND, SECOND, table + PairTable.SECOND_EXTRA);
        weighted();
        scaled(2, table);
      }
      case Q2_K -> {
        weighted();
        memory(Instruction.MULTIPLY_32, 5, 9, table + PairTable.EXTRA);
        memory(Instruction.MULTIPLY_32, 6, 10, table + PairTable.SECOND_EXTRA);
        op(Instruction.ADD, 5, 5, 6);
        difference(table);
      }
    }
  }

  private void memory(Instruction i, int to, int x, int at) {
    a.memory(i, Y, to, x, R11, at);
  }

  /** FIRST = FIRST * scale + SECOND * scale. */
  private void weighted() {
    op(Instruction.MULTIPLY_32, FIRST, FIRST, 0);
    op(Instruction.MULTIPLY_32, SECOND, SECOND, 1);
    op(Instruction.ADD, FIRST, FIRST, SECOND);
  }

  /** FIRST = (float) FIRST * (d * dx). */
  private void scaled(int d, int table) {
    op(Instruction.TO_FLOAT, FIRST, 0, FIRST);
    memory(Instruction.FLOAT_MULTIPLY, 5, d, table + PairTable.SCALE);
    op(Instruction.FLOAT_MULTIPLY, FIRST, FIRST, 5);
  }

  /** FIRST = ((float) FIRST * f - (float) r5 * g) * dx. */
  private void difference(int table) {
    op(Instruction.TO_FLOAT, FIRST, 0, FIRST);
    op(Instruction.TO_FLOAT, 5, 0, 5);
    op(Instruction.FLOAT_MULTIPLY, FIRST, FIRST, 2);
    op(Instruction.FLOAT_MULTIPLY, 5, 5, 3);
    op(Instruction.FLOAT_SUBTRACT, FIRST, FIRST, 5);
    memory(Instruction.FLOAT_MULTIPLY, FIRST, FIRST, table + PairTable.SCALE);
  }
}
