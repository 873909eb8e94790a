package opml.inference.emitted;

import static opml.inference.emitted.Assembler.R10;
import static opml.inference.emitted.Assembler.R9;
import static opml.inference.emitted.Assembler.RAX;
import static opml.inference.emitted.Assembler.RCX;
import static opml.inference.emitted.Assembler.RDI;
import static opml.inference.emitted.Assembler.RDX;
import static opml.inference.emitted.Assembler.RSI;
import static opml.inference.emitted.Assembler.X;
import static opml.inference.emitted.Assembler.Y;
import static opml.inference.emitted.Assembler.Z;

/**
 * Emits the way of up to eight blocks of sixteen rows into a panel ({@link PanelArguments}): 16-bit
 * weights less what is zero, in K formats times the scale of their block, which fits 16 bits
 * whatever the file says. That the header's ones are 1, so that what is zero may be taken from
 * weights instead of sums, the guest has seen to when it started. Rows become lanes by transposing
 * 32-bit parts of them: eight rows at once, with AVX-512 all sixteen where weights are unpacked.
 */
final class PackCode {
  /** Parts of eight rows after {@link #transpose}: four registers from here. */
  private static final int PARTS = 8;

  private static final int MASK = 15;
  private static final int CENTER = 14;

  private final Assembler a;
  private final Form form;
  private final int blocks;

  /** Length of registers that weights are unpacked in. */
  private final int length;

  /** Plans the code of a level for rows of so many blocks of 32. */
  PackCode(Level level, Form form, int blocks) {
    a = new Assembler(level);
    length = level == Level.AVX512 ? Z : Y;
    this.form = form;
    this.blocks = blocks;
  }

  byte[] emit() {
    a.load(RSI, RDI, PanelArguments.WEIGHTS);
    a.load(RDX, RDI, PanelArguments.SCALES);
    a.load(RCX, RDI, PanelArguments.MINIMA);
    a.load(RAX, RDI, PanelArguments.BLOCKS);
    a.copy(R10, RDI);
    a.add(R10, PanelArguments.PANEL);
    a.copy(R9, RDI);
    a.memory(Instruction.BROADCAST, length, MASK, 0, RDI, PanelArguments.MASK);
    a.memory(Instruction.BROADCAST, length, CENTER, 0, RDI, PanelArguments.CENTER);
    prefetch();
    for (int tile = 0; tile < 2; tile++) {
      if (form.superBlocks()) {
        factors(tile);
        subScales(tile);
      } else {
        halves(tile, RDX, PanelArguments.SCALE);
        if (form.minima) {
          halves(tile, RCX, PanelArguments.MINIMUM);
        }
      }
    }
    int loop = a.here();
    for (int tile = 0; tile < (length == Z ? 1 : 2); tile++) {
      for (int part = 0; part < form.blockBytes / 16; part++) {
        transpose(length, tile, RSI, blocks * form.blockBytes, 16 * part);
        weights(tile, part);
      }
    }
    a.add(RSI, form.blockBytes);
    a.add(R10, PanelArguments.BLOCK_BYTES);
    a.add(R9, 64);
    a.add(RAX, -1);
    a.loopTo(loop);
    a.leave();
    return a.code();
  }

  private void op(Instruction i, int to, int x, int y) {
    a.registers(i, length, to, x, y);
  }

  /** The panel after this one. */
  private void prefetch() {
    for (int r = 0; r < PanelArguments.ROWS; r++) {
      for (int line = 0; line < form.blockBytes / 8; line++) {
        a.prefetch(RSI, (r * blocks + 8) * form.blockBytes + 64 * line);
      }
    }
  }

  /** 16 bytes of each row: register PARTS + i gets part i of all rows of a tile, or of two. */
  private void transpose(int length, int tile, int base, int stride, int at) {
    for (int i = 0; i < 4; i++) {
      int row = 8 * tile + i;
      a.memory(Instruction.LOAD, X, i, 0, base, row * stride + at);
      for (int quarter = 1; quarter < (length == Z ? 4 : 2); quarter++) {
        int from = (row + 4 * quarter) * stride + at;
        a.memory(Instruction.INSERT_128, length, i, i, base, from, quarter);
      }
    }
    a.registers(Instruction.UNPACK_LOW_32, length, 4, 0, 1);
    a.registers(Instruction.UNPACK_HIGH_32, length, 5, 0, 1);
    a.registers(Instruction.UNPACK_LOW_32, length, 6, 2, 3);
    a.registers(Instruction.UNPACK_HIGH_32, length, 7, 2, 3);
    a.registers(Instruction.UNPACK_LOW_64, length, PARTS, 4, 6);
    a.registers(Instruction.UNPACK_HIGH_64, length, PARTS + 1, 4, 6);
    a.registers(Instruction.UNPACK_LOW_64, length, PARTS + 2, 5, 7);
    a.registers(Instruction.UNPACK_HIGH_64, length, PARTS + 3, 5, 7);
  }

  private void weights(int tile, int part) {
    int each = form.nibbles ? 4 : 2;
    for (int j = 0; j < 4; j++) {
      for (int s = 0; s < each; s++) {
        if (form.nibbles) {
          nibbles(s, PARTS + j);
        } else {
          bytes(s, PARTS + j);
        }
        if (form.superBlocks()) {
          // nibbles: high ones are the second half; bytes: the second part is
          int half = !form.halves() ? 0 : form.nibbles ? s & 1 : part;
          a.memory(Instruction.MULTIPLY_16, length, s, s, R9, subScale(tile, half, 0));
        }
        int pair = (4 * part + j) * each + s;
        a.memory(Instruction.FLOAT_STORE, length, s, 0, R10, 64 * pair + 32 * tile);
      }
    }
  }

  /** Register s = nibble s of each 16 bits, less what is zero. */
  private void nibbles(int s, int from) {
    if (s > 0) {
      a.registers(Instruction.SHIFT_16, length, 2, s, from, 4 * s);
    }
    op(Instruction.AND, s, s > 0 ? s : from, MASK);
    if (form == Form.Q4_0 || form == Form.Q3_K) {
      op(Instruction.SUBTRACT_16, s, s, CENTER);
    }
  }

  /** Register s = signed byte s of each 16 bits. */
  private void bytes(int s, int from) {
    if (s == 0) {
      a.registers(Instruction.SHIFT_16, length, 6, s, from, 8);
    }
    a.registers(Instruction.SHIFT_16, length, 4, s, s == 0 ? s : from, 8);
  }

  private static int subScale(int tile, int half, int block) {
    return PanelArguments.SUB_SCALES + 512 * half + 64 * block + 32 * tile;
  }

  private void store(int register, int block, int tile, int at) {
    int to = block * PanelArguments.BLOCK_BYTES + at + 32 * tile;
    a.memory(Instruction.FLOAT_STORE, Y, register, 0, R10, to);
  }

  /** f16 of eight blocks of a tile's rows, as floats. */
  private void halves(int tile, int base, int to) {
    transpose(Y, tile, base, 2 * blocks, 0);
    for (int j = 0; j < 4; j++) {
      split(PARTS + j);
      store(0, 2 * j, tile, to);
      store(1, 2 * j + 1, tile, to);
    }
  }

  /** Floats of the low f16 of each lane into 0, of the high ones into 1. */
  private void split(int lanes) {
    a.memory(Instruction.SHUFFLE_BYTES, Y, 2, lanes, RDI, PanelArguments.SPLIT);
    a.registers(Instruction.PERMUTE_64, Y, 2, 0, 2, 0xd8);
    a.registers(Instruction.FROM_HALF, Y, 0, 0, 2);
    a.registers(Instruction.EXTRACT_128, Y, 2, 0, 2, 1);
    a.registers(Instruction.FROM_HALF, Y, 1, 0, 2);
  }

  /** K formats: one factor for eight blocks of a row, or two. */
  private void factors(int tile) {
    int stride = form.thirdPlane() * blocks / 8;
    for (int half = 0; half < 2; half++) {
      int first = 8 * tile + 4 * half;
      a.memory(Instruction.LOAD_32, X, half, 0, RCX, first * stride);
      for (int i = 1; i < 4; i++) {
        a.memory(Instruction.INSERT_32, X, half, half, RCX, (first + i) * stride, i);
      }
    }
    a.registers(Instruction.INSERT_128, Y, 3, 0, 1, 1);
    split(3);
    for (int b = 0; b < 8; b++) {
      store(0, b, tile, PanelArguments.SCALE);
      if (form.minima) {
        store(1, b, tile, PanelArguments.MINIMUM);
      }
    }
  }

  /** K formats: scales of blocks or their halves, twice in 32 bits, and factors of minima. */
  private void subScales(int tile) {
    transpose(Y, tile, RDX, 2 * blocks, 0);
    for (int j = 0; j < 4; j++) {
      for (int k = 0; k < 4; k++) {
        int block = 4 * (j & 1) + k;
        int half = j >> 1;
        switch (form) {
          case Q6_K, Q3_K -> {
            shuffle(0, PARTS + j, PanelArguments.TWICE_HIGH + 32 * k);
            a.registers(Instruction.SHIFT_16, Y, 4, 0, 0, 8);
            subScale(0, tile, half, block);
          }
          case Q2_K -> {
            shuffle(0, PARTS + j, PanelArguments.TWICE + 32 * k);
            a.registers(Instruction.AND, Y, 0, 0, MASK);
            subScale(0, tile, half, block);
            factor(j, k, tile, half == 0 ? PanelArguments.FACTOR : PanelArguments.SECOND_FACTOR);
          }
          default -> {
            if (half == 0) {
              shuffle(0, PARTS + j, PanelArguments.TWICE + 32 * k);
              subScale(0, tile, 0, block);
            } else {
              factor(j, k, tile, PanelArguments.FACTOR);
            }
          }
        }
      }
    }
  }

  private void subScale(int register, int tile, int half, int block) {
    int to = subScale(tile, half, block);
    a.memory(Instruction.FLOAT_STORE, Y, register, 0, RDI, to);
  }

  private void factor(int part, int k, int tile, int to) {
    shuffle(1, PARTS + part, PanelArguments.ONCE + 32 * k);
    if (form == Form.Q2_K) {
      a.registers(Instruction.SHIFT_32, Y, 2, 1, 1, 4);
    }
    store(1, 4 * (part & 1) + k, tile, to);
  }

  private void shuffle(int to, int from, int order) {
    a.memory(Instruction.SHUFFLE_BYTES, Y, to, from, RDI, order);
  }
}
