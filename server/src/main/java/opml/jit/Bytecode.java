package opml.jit;

import static java.lang.classfile.TypeKind.LONG;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import opml.machine.Fragment;
import opml.machine.Op;
import opml.machine.Regions;
import opml.machine.StackCode;

/**
 * The body of {@code HostCode.run(cpu, budget, block)}: guest registers are local variables, loaded
 * at the start and stored where it leaves.
 */
final class Bytecode implements StackCode {
  private static final int CPU = 1;
  private static final int LEFT = 2;
  private static final int BLOCK = 3;
  private static final int SPACE = 4;
  private static final int V = 5;
  private static final int X = 6;
  private static final int PLACE = 7;
  private static final int PC = 8;
  private static final int READ_TAGS = 10;
  private static final int READ_PAGES = 11;
  private static final int WRITE_TAGS = 12;
  private static final int WRITE_PAGES = 13;
  private static final int FLOAT = 14;
  private static final int REGISTERS = 15;
  private static final int BEHIND_BITS = 9; // more than a fragment has instructions

  /** No jump from CODE leads below: the offset of JAL is -2^20 at least. */
  private static final long LOWEST = Regions.base(Regions.CODE) - (1 << 20);

  private final CodeBuilder code;
  private final Fragment fragment;
  private final Label[] blocks;
  private final Label end;
  private final List<Leave> leaves = new ArrayList<>();
  private int here;

  /**
   * Leaving at an instruction.
   *
   * @param place its index from LOWEST on and how much of the block goes back to the budget
   * @param thrown whether a {@link Access.Fault} lies on the stack
   */
  private record Leave(Label label, int place, boolean thrown) {}

  Bytecode(CodeBuilder code, Fragment fragment) {
    this.code = code;
    this.fragment = fragment;
    blocks = new Label[fragment.blocks()];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = code.newLabel();
    }
    end = code.newLabel();
  }

  /** Loads everything and jumps to the block. */
  void begin() {
    code.aload(CPU).getfield(Names.CPU, "space", Names.SPACE).astore(SPACE);
    code.aload(SPACE).getfield(Names.SPACE, "readTags", Names.LONGS).astore(READ_TAGS);
    code.aload(SPACE).getfield(Names.SPACE, "readPages", Names.PAGES).astore(READ_PAGES);
    code.aload(SPACE).getfield(Names.SPACE, "writeTags", Names.LONGS).astore(WRITE_TAGS);
    code.aload(SPACE).getfield(Names.SPACE, "writePages", Names.PAGES).astore(WRITE_PAGES);
    code.aload(CPU).getfield(Names.CPU, "v", Names.INTS).astore(V);
    code.aload(CPU).getfield(Names.CPU, "x", Names.LONGS).astore(X);
    for (int i = 1; i < 32; i++) {
      if ((fragment.used() >> i & 1) != 0) {
        code.aload(X).loadConstant(i).arrayLoad(LONG).lstore(local(i));
      }
    }
    List<SwitchCase> cases = new ArrayList<>();
    for (int i = 1; i < blocks.length; i++) {
      cases.add(SwitchCase.of(i, blocks[i]));
    }
    if (!cases.isEmpty()) {
      code.iload(BLOCK).tableswitch(1, blocks.length - 1, blocks[0], cases);
    }
  }

  /** Stores everything. */
  void finish() {
    Label common = code.newLabel();
    for (Leave leave : leaves) {
      code.labelBinding(leave.label);
      if (leave.thrown) {
        code.pop();
      }
      code.loadConstant(leave.place).goto_(common);
    }
    code.labelBinding(common);
    code.dup().istore(PLACE).loadConstant((1 << BEHIND_BITS) - 1).iand();
    code.iload(LEFT).iadd().istore(LEFT);
    code.iload(PLACE).loadConstant(BEHIND_BITS).iushr().i2l().loadConstant(4L).lmul();
    code.loadConstant(LOWEST).ladd().lstore(PC);
    code.labelBinding(end);
    code.aload(CPU).lload(PC).putfield(Names.CPU, "pc", Names.LONG);
    for (int i = 1; i < 32; i++) {
      if ((fragment.written() >> i & 1) != 0) {
        code.aload(X).loadConstant(i).lload(local(i)).arrayStore(LONG);
      }
    }
    code.iload(LEFT).ireturn();
  }

  private static int local(int register) {
    return REGISTERS + 2 * register;
  }

  private static int place(long pc, int behind) {
    return (int) (pc - LOWEST) >>> 2 << BEHIND_BITS | behind;
  }

  private Label leaving(int place, boolean thrown) {
    Leave leave = new Leave(code.newLabel(), place, thrown);
    leaves.add(leave);
    return leave.label;
  }

  @Override
  public void block(int number, long pc, int instructions) {
    code.labelBinding(blocks[number]);
    if (instructions > 0) {
      code.iinc(LEFT, -instructions).iload(LEFT);
      code.iflt(leaving(place(pc, instructions), false));
    }
  }

  @Override
  public void instruction(long pc, int behind) {
    here = place(pc, behind);
  }

  @Override
  public void get(int register) {
    if (register == 0) {
      code.lconst_0();
    } else {
      code.lload(local(register));
    }
  }

  @Override
  public void set(int register) {
    if (register == 32) {
      code.pop2();
    } else {
      code.lstore(local(register));
    }
  }

  @Override
  public void constant(long value) {
    code.loadConstant(value);
  }

  @Override
  public void binary(int op) {
    switch (op) {
      case Op.ADD -> code.ladd();
      case Op.SUB -> code.lsub();
      case Op.MUL -> code.lmul();
      case Op.AND -> code.land();
      case Op.OR -> code.lor();
      case Op.XOR -> code.lxor();
      case Op.SLL -> code.l2i().lshl();
      case Op.SRL -> code.l2i().lushr();
      case Op.SRA -> code.l2i().lshr();
      default -> compute(op, 0);
    }
  }

  @Override
  public void extend() {
    code.l2i().i2l();
  }

  @Override
  public void compute(int op, int selector) {
    String name = Numbers.of(op);
    if (op >= Op.FADD && op <= Op.FMUL) {
      floating(op);
    } else if (op == Op.H_TO_F || op == Op.INT_TO_F && selector == 0) {
      convert(op);
    } else if (name == null) {
      code.loadConstant(op).loadConstant(selector);
      code.invokestatic(Names.NUMBERS, "compute", Names.COMPUTE);
    } else {
      code.invokestatic(Names.NUMBERS, name, Names.BINARY);
    }
  }

  /** Spelled out, as they are frequent: HotSpot counts what it inlines, but no intrinsics. */
  private void floating(int op) {
    code.l2i().invokestatic(Names.FLOATS, "intBitsToFloat", Names.TO_FLOAT).fstore(FLOAT);
    code.l2i().invokestatic(Names.FLOATS, "intBitsToFloat", Names.TO_FLOAT).fload(FLOAT);
    switch (op) {
      case Op.FADD -> code.fadd();
      case Op.FSUB -> code.fsub();
      default -> code.fmul();
    }
    bits();
  }

  private void convert(int op) {
    code.pop2().l2i();
    if (op == Op.H_TO_F) {
      code.i2s().invokestatic(Names.FLOATS, "float16ToFloat", Names.FROM_HALF);
    } else {
      code.i2f();
    }
    bits();
  }

  /** The bits of a float; those of NaN are canonical. */
  private void bits() {
    code.invokestatic(Names.FLOATS, "floatToIntBits", Names.TO_BITS).i2l();
  }

  private void reads() {
    code.aload(READ_TAGS).aload(READ_PAGES).aload(SPACE);
  }

  private void access(String name, MethodTypeDesc type) {
    Label from = code.newBoundLabel();
    code.invokestatic(Names.ACCESS, name, type);
    code.exceptionCatch(from, code.newBoundLabel(), leaving(here, true), Names.FAULT);
  }

  @Override
  public void load(int op) {
    reads();
    access(Names.LOADS.get(op - Op.LB), Names.LOAD);
  }

  @Override
  public void store(int op) {
    code.aload(WRITE_TAGS).aload(WRITE_PAGES).aload(SPACE);
    access(Names.STORES.get(op - Op.SB), Names.STORE);
  }

  @Override
  public void vector(int op) {
    reads();
    code.aload(V);
    access(op == Op.VLOAD ? "vload" : "vload4", Names.VECTOR);
  }

  @Override
  public void dot(int op) {
    reads();
    code.aload(V);
    access(op == Op.DOTL ? "dotl" : "doth", Names.DOT);
  }

  @Override
  public void branch(int op, int block, long pc) {
    Label to = block < 0 ? leaving(place(pc, 0), false) : blocks[block];
    if (op == Op.BLTU || op == Op.BGEU) {
      code.invokestatic(Names.UNSIGNED, "compareUnsigned", Names.COMPARE);
    } else {
      code.lcmp();
    }
    switch (op) {
      case Op.BEQ -> code.ifeq(to);
      case Op.BNE -> code.ifne(to);
      case Op.BLT, Op.BLTU -> code.iflt(to);
      default -> code.ifge(to);
    }
  }

  @Override
  public void jump(int block, long pc) {
    code.goto_(block < 0 ? leaving(place(pc, 0), false) : blocks[block]);
  }

  @Override
  public void leave() {
    code.lstore(PC).goto_(end);
  }

  @Override
  public void stop() {
    code.goto_(leaving(here, false));
  }
}
