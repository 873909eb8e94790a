package opml.browser;

import opml.machine.Fragment;
import opml.machine.Op;
import opml.machine.StackCode;

/**
 * The body of {@code run(budget, block)}: guest registers are locals, loaded at the start and
 * stored where it leaves. WebAssembly has no jumps: blocks lie one behind the other, a branch
 * forwards ends the blocks between, one backwards goes through a table, and one to the own block is
 * a loop.
 */
final class WasmCode implements StackCode {
  private static final int LEFT = 0;
  private static final int BLOCK = 1;
  private static final int X = 1; // local of register r is X + r, from 1 on
  private static final int ADDRESS = 33;
  private static final int VALUE = 34;
  private static final int PC = 35;
  private static final int HOST = 36;
  private static final int SLOT = 37;
  private static final int LOW = 38;
  private static final int HIGH = 39;
  private static final int CANONICAL = 0x7fc00000;

  private final WasmWriter code;
  private final Fragment fragment;
  private final int at; // registers and page tables in linear memory
  private int block = -1;
  private int nested; // open structures within the block
  private boolean looping; // one of them is a loop around it
  private long pc;
  private int behind;

  WasmCode(WasmWriter code, Fragment fragment, int at) {
    this.code = code;
    this.fragment = fragment;
    this.at = at;
  }

  void begin() {
    code.octets(3, 34, Wasm.I64, 2, Wasm.I32, 3, Wasm.V128);
    for (int r = 1; r < 32; r++) {
      if ((fragment.used() >> r & 1) != 0) {
        code.int32(at);
        code.access(Wasm.I64_LOAD, 8 * r);
        code.with(Wasm.LOCAL_SET, X + r);
      }
    }
    for (int half = 0; fragment.vectors() && half < 2; half++) {
      code.int32(at);
      code.vectorAccess(Wasm.V128_LOAD, Room.V + 16 * half);
      code.with(Wasm.LOCAL_SET, LOW + half);
    }
    int n = fragment.blocks();
    code.octets(Wasm.BLOCK, Wasm.NOTHING, Wasm.LOOP, Wasm.NOTHING);
    for (int i = 0; i < n; i++) {
      code.octets(Wasm.BLOCK, Wasm.NOTHING);
    }
    code.with(Wasm.LOCAL_GET, BLOCK);
    code.with(Wasm.BR_TABLE, n - 1);
    for (int i = 0; i < n; i++) {
      code.unsigned(i);
    }
  }

  void finish() {
    if (looping) {
      close();
    }
    code.octets(Wasm.UNREACHABLE, Wasm.END, Wasm.END);
    for (int r = 1; r < 32; r++) {
      if ((fragment.written() >> r & 1) != 0) {
        code.int32(at);
        code.with(Wasm.LOCAL_GET, X + r);
        code.access(Wasm.I64_STORE, 8 * r);
      }
    }
    for (int half = 0; fragment.vectors() && half < 2; half++) {
      code.int32(at);
      code.with(Wasm.LOCAL_GET, LOW + half);
      code.vectorAccess(Wasm.V128_STORE, Room.V + 16 * half);
    }
    code.int32(at);
    code.with(Wasm.LOCAL_GET, PC);
    code.access(Wasm.I64_STORE, Room.PC);
    code.with(Wasm.LOCAL_GET, LEFT);
    code.octets(Wasm.END);
  }

  /** Label of the loop around everything; one more leaves it. */
  private int dispatch() {
    return nested + fragment.blocks() - 1 - block;
  }

  private void open(int structure) {
    code.octets(structure, Wasm.NOTHING);
    nested++;
  }

  private void close() {
    code.octets(Wasm.END);
    nested--;
  }

  @Override
  public void block(int number, long at, int instructions) {
    if (looping) {
      close();
    }
    code.octets(Wasm.END);
    block = number;
    looping = fragment.repeats(number);
    if (looping) {
      open(Wasm.LOOP);
    }
    if (instructions > 0) {
      code.with(Wasm.LOCAL_GET, LEFT);
      code.int32(instructions);
      code.octets(Wasm.I32_SUB);
      code.with(Wasm.LOCAL_TEE, LEFT);
      code.int32(0);
      code.octets(Wasm.I32_LT_S);
      open(Wasm.IF);
      leaveWith(at, instructions);
      close();
    }
  }

  private void leaveWith(long to, int unused) {
    if (unused > 0) {
      code.with(Wasm.LOCAL_GET, LEFT);
      code.int32(unused);
      code.octets(Wasm.I32_ADD);
      code.with(Wasm.LOCAL_SET, LEFT);
    }
    code.int64(to);
    code.with(Wasm.LOCAL_SET, PC);
    code.with(Wasm.BR, dispatch() + 1);
  }

  @Override
  public void instruction(long at, int unused) {
    pc = at;
    behind = unused;
  }

  @Override
  public void get(int register) {
    if (register == 0) {
      code.int64(0);
    } else {
      code.with(Wasm.LOCAL_GET, X + register);
    }
  }

  @Override
  public void set(int register) {
    if (register == 32) {
      code.octets(Wasm.DROP);
    } else {
      code.with(Wasm.LOCAL_SET, X + register);
    }
  }

  @Override
  public void constant(long value) {
    code.int64(value);
  }

  @Override
  public void binary(int op) {
    switch (op) {
      case Op.ADD -> code.octets(Wasm.I64_ADD);
      case Op.SUB -> code.octets(Wasm.I64_SUB);
      case Op.MUL -> code.octets(Wasm.I64_MUL);
      case Op.AND -> code.octets(Wasm.I64_AND);
      case Op.OR -> code.octets(Wasm.I64_OR);
      case Op.XOR -> code.octets(Wasm.I64_XOR);
      case Op.SLL -> code.octets(Wasm.I64_SHL);
      case Op.SRL -> code.octets(Wasm.I64_SHR_U);
      case Op.SRA -> code.octets(Wasm.I64_SHR_S);
      case Op.SLT -> code.octets(Wasm.I64_LT_S, Wasm.I64_EXTEND_I32_U);
      default -> code.octets(Wasm.I64_LT_U, Wasm.I64_EXTEND_I32_U);
    }
  }

  @Override
  public void extend() {
    code.octets(Wasm.I64_EXTEND32_S);
  }

  @Override
  public void compute(int op, int selector) {
    switch (op) {
      case Op.FADD -> floating(Wasm.F32_ADD);
      case Op.FSUB -> floating(Wasm.F32_SUB);
      case Op.FMUL -> floating(Wasm.F32_MUL);
      case Op.FDIV -> floating(Wasm.F32_DIV);
      case Op.FLE -> compare(Wasm.F32_LE);
      case Op.FLT -> compare(Wasm.F32_LT);
      case Op.FEQ -> compare(Wasm.F32_EQ);
      default -> {
        code.with(Wasm.LOCAL_SET, VALUE);
        code.with(Wasm.LOCAL_SET, ADDRESS);
        if (op == Op.H_TO_F) {
          half();
        } else if (op == Op.INT_TO_F && selector == 0) {
          code.with(Wasm.LOCAL_GET, ADDRESS);
          code.octets(Wasm.I32_WRAP_I64, Wasm.F32_CONVERT_I32_S);
          code.octets(Wasm.I32_REINTERPRET_F32, Wasm.I64_EXTEND_I32_S);
        } else {
          code.int32(op);
          code.int32(selector);
          code.with(Wasm.LOCAL_GET, ADDRESS);
          code.with(Wasm.LOCAL_GET, VALUE);
          code.with(Wasm.CALL, Room.COMPUTE);
        }
      }
    }
  }

  /** f16 in ADDRESS to f32, exactly: 2^112 makes up for the exponents' biases. */
  private void half() {
    code.with(Wasm.LOCAL_GET, ADDRESS);
    code.octets(Wasm.I32_WRAP_I64);
    code.with(Wasm.LOCAL_TEE, SLOT);
    code.int32(0x7fff);
    code.octets(Wasm.I32_AND);
    code.with(Wasm.LOCAL_SET, HOST); // the magnitude
    code.int32(CANONICAL);
    code.with(Wasm.LOCAL_GET, HOST);
    code.int32(13);
    code.octets(Wasm.I32_SHL, Wasm.F32_REINTERPRET_I32);
    code.int32(Float.floatToRawIntBits(0x1p112f));
    code.octets(Wasm.F32_REINTERPRET_I32, Wasm.F32_MUL, Wasm.I32_REINTERPRET_F32);
    code.int32(0x7f800000);
    code.int32(0);
    code.with(Wasm.LOCAL_GET, HOST);
    code.int32(0x7c00);
    code.octets(Wasm.I32_EQ, Wasm.SELECT, Wasm.I32_OR);
    code.with(Wasm.LOCAL_GET, SLOT);
    code.int32(0x8000);
    code.octets(Wasm.I32_AND);
    code.int32(16);
    code.octets(Wasm.I32_SHL, Wasm.I32_OR);
    code.with(Wasm.LOCAL_GET, HOST);
    code.int32(0x7c00);
    code.octets(Wasm.I32_GT_S, Wasm.SELECT, Wasm.I64_EXTEND_I32_S);
  }

  /** The two operands as floats. */
  private void floats() {
    code.octets(Wasm.I32_WRAP_I64);
    code.with(Wasm.LOCAL_SET, HOST);
    code.octets(Wasm.I32_WRAP_I64, Wasm.F32_REINTERPRET_I32);
    code.with(Wasm.LOCAL_GET, HOST);
    code.octets(Wasm.F32_REINTERPRET_I32);
  }

  private void compare(int opcode) {
    floats();
    code.octets(opcode, Wasm.I64_EXTEND_I32_U);
  }

  /** NaN is made canonical: no other value has an exponent and a fraction above infinity's. */
  private void floating(int opcode) {
    floats();
    code.octets(opcode, Wasm.I32_REINTERPRET_F32);
    code.with(Wasm.LOCAL_SET, HOST);
    code.int32(CANONICAL);
    code.with(Wasm.LOCAL_GET, HOST);
    code.with(Wasm.LOCAL_GET, HOST);
    code.octets(Wasm.F32_REINTERPRET_I32);
    code.with(Wasm.LOCAL_GET, HOST);
    code.octets(Wasm.F32_REINTERPRET_I32, Wasm.F32_NE, Wasm.SELECT, Wasm.I64_EXTEND_I32_S);
  }

  /** Pops an address; pushes where its bytes lie in linear memory. */
  private void host(int table, int shift) {
    code.with(Wasm.LOCAL_TEE, ADDRESS);
    code.int64(12);
    code.octets(Wasm.I64_SHR_U, Wasm.I32_WRAP_I64);
    code.int32(Room.SLOTS - 1);
    code.octets(Wasm.I32_AND);
    code.int32(4);
    code.octets(Wasm.I32_SHL);
    code.int32(at);
    code.octets(Wasm.I32_ADD);
    code.with(Wasm.LOCAL_TEE, SLOT);
    code.access(Wasm.I32_LOAD, table + 8);
    code.with(Wasm.LOCAL_SET, HOST);
    code.with(Wasm.LOCAL_GET, SLOT);
    code.access(Wasm.I64_LOAD, table);
    code.with(Wasm.LOCAL_GET, ADDRESS);
    code.int64(-4096L | (1L << shift) - 1);
    code.octets(Wasm.I64_AND, Wasm.I64_NE);
    open(Wasm.IF);
    code.with(Wasm.LOCAL_GET, ADDRESS);
    code.int32(shift);
    code.int32(table == Room.WRITES ? 1 : 0);
    code.with(Wasm.CALL, Room.PAGE);
    code.with(Wasm.LOCAL_TEE, HOST);
    code.octets(Wasm.I32_EQZ);
    open(Wasm.IF);
    leaveWith(pc, behind);
    close();
    close();
    code.with(Wasm.LOCAL_GET, HOST);
    code.with(Wasm.LOCAL_GET, ADDRESS);
    code.octets(Wasm.I32_WRAP_I64);
    code.int32(4095);
    code.octets(Wasm.I32_AND, Wasm.I32_ADD);
  }

  @Override
  public void load(int op) {
    host(Room.READS, op - Op.LB & 3);
    switch (op) {
      case Op.LB -> code.access(Wasm.I64_LOAD8_S, 0);
      case Op.LBU -> code.access(Wasm.I64_LOAD8_U, 0);
      case Op.LH -> code.access(Wasm.I64_LOAD16_S, 0);
      case Op.LHU -> code.access(Wasm.I64_LOAD16_U, 0);
      case Op.LW -> code.access(Wasm.I64_LOAD32_S, 0);
      case Op.LWU -> code.access(Wasm.I64_LOAD32_U, 0);
      default -> code.access(Wasm.I64_LOAD, 0);
    }
  }

  @Override
  public void store(int op) {
    code.with(Wasm.LOCAL_SET, VALUE);
    host(Room.WRITES, op - Op.SB);
    code.with(Wasm.LOCAL_GET, VALUE);
    switch (op) {
      case Op.SB -> code.access(Wasm.I64_STORE8, 0);
      case Op.SH -> code.access(Wasm.I64_STORE16, 0);
      case Op.SW -> code.access(Wasm.I64_STORE32, 0);
      default -> code.access(Wasm.I64_STORE, 0);
    }
  }

  @Override
  public void vector(int op) {
    host(Room.READS, op == Op.VLOAD ? 5 : 4);
    code.with(Wasm.LOCAL_SET, HOST);
    if (op == Op.VLOAD) {
      for (int half = 0; half < 2; half++) {
        code.with(Wasm.LOCAL_GET, HOST);
        code.vectorAccess(Wasm.V128_LOAD, 16 * half);
        code.with(Wasm.LOCAL_SET, LOW + half);
      }
      return;
    }
    code.with(Wasm.LOCAL_GET, HOST);
    code.vectorAccess(Wasm.V128_LOAD, 0);
    code.with(Wasm.LOCAL_TEE, HIGH);
    code.int32(15);
    code.vector(Wasm.I8X16_SPLAT);
    code.vector(Wasm.V128_AND);
    code.with(Wasm.LOCAL_SET, LOW);
    code.with(Wasm.LOCAL_GET, HIGH);
    code.int32(4);
    code.vector(Wasm.I8X16_SHR_U);
    code.with(Wasm.LOCAL_SET, HIGH);
  }

  @Override
  public void dot(int op) {
    int weights = op == Op.DOTL ? LOW : HIGH;
    host(Room.READS, 5);
    code.with(Wasm.LOCAL_SET, HOST);
    products(weights, Wasm.I16X8_EXTEND_LOW_I8X16_S, 0);
    products(weights, Wasm.I16X8_EXTEND_HIGH_I8X16_S, 16);
    code.vector(Wasm.I32X4_ADD);
    code.with(Wasm.LOCAL_SET, HIGH + 1);
    for (int lane = 0; lane < 4; lane++) {
      code.with(Wasm.LOCAL_GET, HIGH + 1);
      code.vector(Wasm.I32X4_EXTRACT_LANE);
      code.octets(lane);
      if (lane > 0) {
        code.octets(Wasm.I32_ADD);
      }
    }
    code.octets(Wasm.I64_EXTEND_I32_S);
  }

  private void products(int weights, int extend, int offset) {
    code.with(Wasm.LOCAL_GET, weights);
    code.vector(extend);
    code.with(Wasm.LOCAL_GET, HOST);
    code.vectorAccess(Wasm.V128_LOAD, offset);
    code.vector(Wasm.I32X4_DOT_I16X8_S);
  }

  @Override
  public void branch(int op, int to, long target) {
    switch (op) {
      case Op.BEQ -> code.octets(Wasm.I64_EQ);
      case Op.BNE -> code.octets(Wasm.I64_NE);
      case Op.BLT -> code.octets(Wasm.I64_LT_S);
      case Op.BGE -> code.octets(Wasm.I64_GE_S);
      case Op.BLTU -> code.octets(Wasm.I64_LT_U);
      default -> code.octets(Wasm.I64_GE_U);
    }
    if (to >= block) {
      code.with(Wasm.BR_IF, label(to));
    } else {
      open(Wasm.IF);
      jump(to, target);
      close();
    }
  }

  /** Of the own block's loop, or of what ends where a later block begins. */
  private int label(int to) {
    return to == block ? nested - 1 : nested + to - block - 1;
  }

  @Override
  public void jump(int to, long target) {
    if (to < 0) {
      leaveWith(target, 0);
    } else if (to >= block) {
      code.with(Wasm.BR, label(to));
    } else {
      code.int32(to);
      code.with(Wasm.LOCAL_SET, BLOCK);
      code.with(Wasm.BR, dispatch());
    }
  }

  @Override
  public void leave() {
    code.with(Wasm.LOCAL_SET, PC);
    code.with(Wasm.BR, dispatch() + 1);
  }

  @Override
  public void stop() {
    leaveWith(pc, behind);
  }
}
