package opml.step;

import java.util.Arrays;
import opml.commitment.Keccak;
import opml.commitment.Merkle;

/**
 * One step of the machine on a witness (docs/protocol.md, sections 2 to 5): stateless, integers
 * only. StepVerifier.sol is the same code line by line. The RUN state is kept as its own preimage
 * and changed in place; every read of memory goes through {@link #open}.
 */
public final class StepVerifier {
  private static final int RUN = 0;
  private static final int YIELD = 1;
  private static final int EXIT = 2;
  private static final int FAULT = 3;
  private static final int PC = 1;
  private static final int X1 = 9;
  private static final int V = 257;
  private static final int G = 289;
  private static final int ROOTS = 295;
  private static final int RUN_LENGTH = 487;
  private static final int YIELD_LENGTH = 167;
  private static final int EXIT_LENGTH = 33;
  private static final int OUTPUT = 4;
  private static final int SCRATCH = 5;
  private static final int MAX_SIZE = 35;

  private final byte[] witness;
  private final byte[] state = new byte[RUN_LENGTH];
  private int at;
  private boolean illegal;

  private StepVerifier(byte[] witness) {
    this.witness = witness;
  }

  /**
   * Verifies one step.
   *
   * @param boundary whether the step's index is a multiple of 2^24: a YIELD state then resumes
   * @return keccak(prestate) and the hash of the state after the step, 64 bytes
   * @throws WitnessException when bytes are missing or left over, or a branch misses its root
   */
  public static byte[] verify(byte[] witness, boolean boundary) {
    if (witness.length == 0) {
      throw new WitnessException("empty witness");
    }
    StepVerifier v = new StepVerifier(witness);
    int form = witness[0];
    v.at = length(form);
    if (witness.length < v.at) {
      throw new WitnessException("witness ends inside its prestate");
    }
    byte[] pre = v.hash(witness, v.at);
    byte[] post = v.step(form, boundary, pre);
    if (v.at != witness.length) { // INV-05
      throw new WitnessException("witness has " + (witness.length - v.at) + " bytes left over");
    }
    byte[] both = new byte[64];
    System.arraycopy(pre, 0, both, 0, 32);
    System.arraycopy(post, 0, both, 32, 32);
    return both;
  }

  /**
   * The state after a step that {@link #verify} accepts: the 487 bytes of a RUN state; null where
   * the step leads to another form.
   */
  public static byte[] running(byte[] witness, boolean boundary) {
    byte[] post = Arrays.copyOfRange(verify(witness, boundary), 32, 64);
    StepVerifier v = new StepVerifier(witness);
    v.at = length(witness[0]);
    v.step(witness[0], boundary, post);
    return Arrays.equals(Keccak.hash(v.state), post) ? v.state : null;
  }

  private static int length(int form) {
    switch (form) {
      case RUN:
        return RUN_LENGTH;
      case YIELD:
        return YIELD_LENGTH;
      case EXIT:
        return EXIT_LENGTH;
      case FAULT:
        return 1;
      default:
        throw new WitnessException("unknown state form " + form);
    }
  }

  private byte[] step(int form, boolean boundary, byte[] pre) {
    if (form == RUN) {
      System.arraycopy(witness, 0, state, 0, RUN_LENGTH);
      checkSizes();
      return fetch();
    }
    if (form == YIELD && boundary) {
      resume();
      checkSizes();
      return fetch();
    }
    return pre;
  }

  /** RUN at the base of CODE from a YIELD prestate: registers and V zero, SCRATCH zero. */
  private void resume() {
    state[PC + 2] = 1; // 0x100_00000000
    System.arraycopy(witness, 1, state, G, YIELD_LENGTH - 1);
    if (state[G + SCRATCH] >= 0 && state[G + SCRATCH] <= MAX_SIZE) {
      Merkle.zero(state[G + SCRATCH], state, ROOTS + 32 * SCRATCH);
    }
  }

  private void checkSizes() {
    for (int i = 0; i < 6; i++) {
      if (state[G + i] < 0 || state[G + i] > MAX_SIZE) {
        throw new WitnessException("size " + i + " is not 0 to " + MAX_SIZE);
      }
    }
  }

  private byte[] fetch() {
    long pc = u64(PC);
    if (!inside(pc, 2)) {
      return fault();
    }
    int leaf = open(pc);
    int word = (int) load(leaf, pc, 2);
    return execute(word, pc);
  }

  private byte[] execute(int word, long pc) {
    int rd = word >>> 7 & 31;
    int funct3 = word >>> 12 & 7;
    long a = x(word >>> 15 & 31);
    long b = x(word >>> 20 & 31);
    long imm = word >> 20;
    switch (word & 127) {
      case 0x37: // LUI
        return next(pc, rd, word & 0xfffff000);
      case 0x17: // AUIPC
        return next(pc, rd, pc + (word & 0xfffff000));
      case 0x6f: // JAL
        return jump(rd, pc + 4, pc + jumpOffset(word));
      case 0x67: // JALR
        return funct3 == 0 ? jump(rd, pc + 4, a + imm & ~1L) : fault();
      case 0x63:
        boolean taken = taken(funct3, a, b);
        return jump(0, 0, taken ? pc + branchOffset(word) : pc + 4);
      case 0x03: // loads
      case 0x23: // stores
      case 0x0b: // Xopml
        return access(word, pc, a, b);
      case 0x13:
        return next(pc, rd, immediate(word, funct3, a, imm));
      case 0x1b:
        return next(pc, rd, immediate32(word, funct3, (int) a, (int) imm));
      case 0x33:
        return next(pc, rd, register(word >>> 25, funct3, a, b));
      case 0x3b:
        return next(pc, rd, register32(word >>> 25, funct3, (int) a, (int) b));
      case 0x53:
        return next(pc, rd, floating(word, funct3, a, (int) a, (int) b));
      case 0x0f: // FENCE, FENCE.I
        return funct3 <= 1 ? next(pc, 0, 0) : fault();
      case 0x73:
        return word == 0x73 ? environment() : fault();
      default:
        return fault();
    }
  }

  private static long jumpOffset(int word) {
    return (word >> 31) << 20
        | word & 0xff000
        | (word >>> 20 & 1) << 11
        | (word >>> 21 & 1023) << 1;
  }

  private static long branchOffset(int word) {
    return (word >> 31) << 12
        | (word >>> 7 & 1) << 11
        | (word >>> 25 & 63) << 5
        | (word >>> 8 & 15) << 1;
  }

  private static long storeOffset(int word) {
    return (word >> 25) << 5 | word >>> 7 & 31;
  }

  private boolean taken(int funct3, long a, long b) {
    switch (funct3) {
      case 0:
        return a == b;
      case 1:
        return a != b;
      case 4:
        return a < b;
      case 5:
        return a >= b;
      case 6:
        return Long.compareUnsigned(a, b) < 0;
      case 7:
        return Long.compareUnsigned(a, b) >= 0;
      default:
        illegal = true;
        return false;
    }
  }

  private long immediate(int word, int funct3, long a, long imm) {
    int shift = (int) imm & 63;
    int funct6 = word >>> 26;
    switch (funct3) {
      case 0:
        return a + imm;
      case 1:
        illegal = funct6 != 0;
        return a << shift;
      case 2:
        return a < imm ? 1 : 0;
      case 3:
        return Long.compareUnsigned(a, imm) < 0 ? 1 : 0;
      case 4:
        return a ^ imm;
      case 5:
        illegal = funct6 != 0 && funct6 != 16;
        return funct6 == 0 ? a >>> shift : a >> shift;
      case 6:
        return a | imm;
      default:
        return a & imm;
    }
  }

  private long immediate32(int word, int funct3, int a, int imm) {
    int shift = imm & 31;
    int funct7 = word >>> 25;
    switch (funct3) {
      case 0:
        return a + imm;
      case 1:
        illegal = funct7 != 0;
        return a << shift;
      case 5:
        illegal = funct7 != 0 && funct7 != 32;
        return funct7 == 0 ? a >>> shift : a >> shift;
      default:
        illegal = true;
        return 0;
    }
  }

  private long register(int funct7, int funct3, long a, long b) {
    switch (funct7 << 3 | funct3) {
      case 0:
        return a + b;
      case 1:
        return a << (b & 63);
      case 2:
        return a < b ? 1 : 0;
      case 3:
        return Long.compareUnsigned(a, b) < 0 ? 1 : 0;
      case 4:
        return a ^ b;
      case 5:
        return a >>> (b & 63);
      case 6:
        return a | b;
      case 7:
        return a & b;
      case 32 << 3:
        return a - b;
      case 32 << 3 | 5:
        return a >> (b & 63);
      case 1 << 3:
        return a * b;
      case 1 << 3 | 1:
        return Integers.mulh(a, b);
      case 1 << 3 | 2:
        return Integers.mulhsu(a, b);
      case 1 << 3 | 3:
        return Integers.mulhu(a, b);
      case 1 << 3 | 4:
        return Integers.div(a, b);
      case 1 << 3 | 5:
        return Integers.divu(a, b);
      case 1 << 3 | 6:
        return Integers.rem(a, b);
      case 1 << 3 | 7:
        return Integers.remu(a, b);
      default:
        illegal = true;
        return 0;
    }
  }

  /** The operations on 32 bits; each result is sign-extended. */
  private long register32(int funct7, int funct3, int a, int b) {
    switch (funct7 << 3 | funct3) {
      case 0:
        return a + b;
      case 1:
        return a << (b & 31);
      case 5:
        return a >>> (b & 31);
      case 32 << 3:
        return a - b;
      case 32 << 3 | 5:
        return a >> (b & 31);
      case 1 << 3:
        return a * b;
      case 1 << 3 | 4:
        return (int) Integers.div(a, b);
      case 1 << 3 | 5:
        return (int) Integers.divu(a & 0xffffffffL, b & 0xffffffffL);
      case 1 << 3 | 6:
        return (int) Integers.rem(a, b);
      case 1 << 3 | 7:
        return (int) Integers.remu(a & 0xffffffffL, b & 0xffffffffL);
      default:
        illegal = true;
        return 0;
    }
  }

  /**
   * OP-FP; a is the first operand's whole register, x and y are the operands' single-precision
   * bits.
   */
  private long floating(int word, int funct3, long a, int x, int y) {
    int rs2 = word >>> 20 & 31;
    boolean nearest = funct3 == 0 || funct3 == 7;
    switch (word >>> 25) {
      case 0x00:
        illegal = !nearest;
        return SoftFloat.add(x, y);
      case 0x04:
        illegal = !nearest;
        return SoftFloat.sub(x, y);
      case 0x08:
        illegal = !nearest;
        return SoftFloat.mul(x, y);
      case 0x0c:
        illegal = !nearest;
        return SoftFloat.div(x, y);
      case 0x2c:
        illegal = !nearest || rs2 != 0;
        return SoftFloat.sqrt(x);
      case 0x10:
        return signInjection(funct3, x, y);
      case 0x14:
        illegal = funct3 > 1;
        return funct3 == 0 ? SoftFloat.min(x, y) : SoftFloat.max(x, y);
      case 0x50:
        return comparison(funct3, x, y);
      case 0x60:
        illegal = !nearest && funct3 != 1 || rs2 > 3;
        return SoftFloat.toInteger(x, funct3 == 1, (rs2 & 1) == 0, rs2 < 2 ? 32 : 64);
      case 0x68:
        illegal = !nearest || rs2 > 3;
        return fromInteger(rs2, a);
      case 0x70:
        illegal = funct3 != 1 || rs2 != 0;
        return SoftFloat.classify(x);
      case 0x20:
        illegal = !nearest || rs2 != 2;
        return SoftFloat.fromHalf(x & 0xffff);
      case 0x22:
        illegal = !nearest || rs2 != 0;
        return (short) SoftFloat.toHalf(x);
      default:
        illegal = true;
        return 0;
    }
  }

  private long signInjection(int funct3, int x, int y) {
    int magnitude = x & 0x7fffffff;
    switch (funct3) {
      case 0:
        return magnitude | y & 0x80000000;
      case 1:
        return magnitude | ~y & 0x80000000;
      case 2:
        return x ^ y & 0x80000000;
      default:
        illegal = true;
        return 0;
    }
  }

  private long comparison(int funct3, int x, int y) {
    switch (funct3) {
      case 0:
        return SoftFloat.le(x, y);
      case 1:
        return SoftFloat.lt(x, y);
      case 2:
        return SoftFloat.eq(x, y);
      default:
        illegal = true;
        return 0;
    }
  }

  private static long fromInteger(int rs2, long a) {
    switch (rs2) {
      case 0:
        return SoftFloat.fromInteger((int) a, true);
      case 1:
        return SoftFloat.fromInteger(a & 0xffffffffL, true);
      case 2:
        return SoftFloat.fromInteger(a, true);
      default:
        return SoftFloat.fromInteger(a, false);
    }
  }

  /** Loads, stores and Xopml: the one data leaf of an instruction (INV-04). */
  private byte[] access(int word, long pc, long a, long b) {
    boolean store = (word & 127) == 0x23;
    long address = a + (store ? storeOffset(word) : word >> 20);
    int shift = accessShift(word);
    if (shift < 0 || !inside(address, shift) || store && !writable(region(address))) {
      return fault();
    }
    int leaf = open(address);
    if (store) {
      store(leaf, address, shift, b);
      return next(pc, 0, 0);
    }
    if ((word & 127) == 0x0b) {
      return vector(word, pc, leaf, address);
    }
    long value = load(leaf, address, shift);
    if ((word >>> 12 & 4) == 0 && shift < 3) {
      int unused = 64 - (8 << shift);
      value = value << unused >> unused;
    }
    return next(pc, word >>> 7 & 31, value);
  }

  /** log2 of the bytes that a load, store or Xopml instruction touches; -1: no such instruction. */
  private static int accessShift(int word) {
    int funct3 = word >>> 12 & 7;
    switch (word & 127) {
      case 0x03:
        return funct3 == 7 ? -1 : funct3 & 3;
      case 0x23:
        return funct3 > 3 ? -1 : funct3;
      default:
        if (funct3 > 3 || funct3 < 2 && (word >>> 7 & 31) != 0) {
          return -1;
        }
        return funct3 == 1 ? 4 : 5;
    }
  }

  private byte[] vector(int word, long pc, int leaf, long address) {
    int funct3 = word >>> 12 & 7;
    if (funct3 == 0) {
      System.arraycopy(witness, leaf, state, V, 32);
      return next(pc, 0, 0);
    }
    if (funct3 == 1) {
      int from = leaf + (int) (address & 31);
      for (int i = 0; i < 16; i++) {
        state[V + i] = (byte) (witness[from + i] & 15);
        state[V + 16 + i] = (byte) (witness[from + i] >>> 4 & 15);
      }
      return next(pc, 0, 0);
    }
    int weights = funct3 == 2 ? V : V + 16;
    int sum = 0;
    for (int i = 0; i < 16; i++) {
      sum += state[weights + i] * (witness[leaf + 2 * i] & 255 | witness[leaf + 2 * i + 1] << 8);
    }
    return next(pc, word >>> 7 & 31, sum);
  }

  private byte[] environment() {
    long a7 = x(17);
    if (a7 == 0) {
      byte[] yield = new byte[YIELD_LENGTH];
      yield[0] = YIELD;
      System.arraycopy(state, G, yield, 1, YIELD_LENGTH - 1);
      return hash(yield, YIELD_LENGTH);
    }
    if (a7 == 1) {
      byte[] exit = new byte[EXIT_LENGTH];
      exit[0] = EXIT;
      System.arraycopy(state, ROOTS + 32 * OUTPUT, exit, 1, 32);
      return hash(exit, EXIT_LENGTH);
    }
    return fault();
  }

  private byte[] fault() {
    return hash(new byte[] {FAULT}, 1);
  }

  private byte[] next(long pc, int rd, long value) {
    return jump(rd, value, pc + 4);
  }

  /** Ends an instruction that is legal: rd gets the value, the program goes on at the target. */
  private byte[] jump(int rd, long value, long target) {
    if (illegal) {
      return fault(); // INV-03
    }
    if (rd != 0) {
      putU64(X1 + 8 * (rd - 1), value);
    }
    putU64(PC, target);
    return hash(state, RUN_LENGTH);
  }

  private static int region(long address) {
    return (int) (address >>> 40);
  }

  private static boolean writable(int region) {
    return region == 0 || region >= 4;
  }

  /** Position of a region in the commitment order. */
  private static int position(int region) {
    if (region == 0) {
      return 3;
    }
    return region < 4 ? region - 1 : region;
  }

  /** Whether an aligned access of 2^shift bytes lies in a region. */
  private boolean inside(long address, int shift) {
    if (address >>> 40 > 5 || (address & (1L << shift) - 1) != 0) {
      return false;
    }
    return leafIndex(address) >>> size(address) == 0;
  }

  private static long leafIndex(long address) {
    return (address & 0xffffffffffL) >>> 5;
  }

  private int size(long address) {
    return state[G + position(region(address))];
  }

  private int root(long address) {
    return ROOTS + 32 * position(region(address));
  }

  /** Takes the next leaf and branch of the witness; returns where the leaf lies in it. */
  private int open(long address) {
    int leaf = at;
    at = leaf + 32 + 32 * size(address); // INV-01
    if (witness.length < at) {
      throw new WitnessException("witness ends inside a branch");
    }
    byte[] node = new byte[32];
    System.arraycopy(witness, leaf, node, 0, 32);
    byte[] root = climb(node, leaf, address);
    for (int i = 0; i < 32; i++) {
      if (root[i] != state[root(address) + i]) {
        throw new WitnessException("branch does not lead to the root of region " + region(address));
      }
    }
    return leaf;
  }

  /** Root over a node at an address, with the branch that follows the leaf in the witness. */
  private byte[] climb(byte[] node, int leaf, long address) {
    return Merkle.climb(node, leafIndex(address), witness, leaf + 32, size(address));
  }

  /** 2^shift bytes (at most 8) of the leaf, little-endian, zero-extended. */
  private long load(int leaf, long address, int shift) {
    int from = leaf + (int) (address & 31);
    long value = 0;
    for (int i = (1 << shift) - 1; i >= 0; i--) {
      value = value << 8 | witness[from + i] & 255;
    }
    return value;
  }

  private void store(int leaf, long address, int shift, long value) {
    byte[] node = new byte[32];
    System.arraycopy(witness, leaf, node, 0, 32);
    for (int i = 0; i < 1 << shift; i++) {
      node[(int) (address & 31) + i] = (byte) (value >>> 8 * i);
    }
    System.arraycopy(climb(node, leaf, address), 0, state, root(address), 32);
  }

  private long x(int register) {
    return register == 0 ? 0 : u64(X1 + 8 * (register - 1));
  }

  private long u64(int off) {
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = value << 8 | state[off + i] & 255;
    }
    return value;
  }

  private void putU64(int off, long value) {
    for (int i = 0; i < 8; i++) {
      state[off + i] = (byte) (value >>> 56 - 8 * i);
    }
  }

  private byte[] hash(byte[] bytes, int length) {
    byte[] out = new byte[32];
    Keccak.hash(bytes, 0, length, out, 0);
    return out;
  }
}
