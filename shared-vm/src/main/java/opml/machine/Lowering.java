package opml.machine;

/** What each decoded instruction does, said to a {@link StackCode}. */
public final class Lowering {
  private static final long LOW = 0xffffffffL;

  private final Fragment fragment;
  private final StackCode out;

  private Lowering(Fragment fragment, StackCode out) {
    this.fragment = fragment;
    this.out = out;
  }

  /** Says a whole fragment. */
  public static void lower(Fragment fragment, StackCode out) {
    Lowering l = new Lowering(fragment, out);
    for (int i = 0; i < fragment.blocks(); i++) {
      l.block(i);
    }
  }

  private void block(int number) {
    Block b = fragment.block(number);
    int last = b.first() + b.length() - 1;
    boolean stops = Fragment.stops(Fragment.op(fragment.decoded(last)));
    int counted = stops ? b.length() - 1 : b.length();
    out.block(number, Fragment.pc(b.first()), counted);
    for (int i = b.first(); i <= last; i++) {
      out.instruction(Fragment.pc(i), b.first() + counted - i);
      instruction(i, fragment.decoded(i));
    }
    int op = Fragment.op(fragment.decoded(last));
    boolean leaves = op == Op.JAL || op == Op.JALR || stops;
    if (!leaves && fragment.starting(last + 1) != number + 1) {
      jump(last + 1);
    }
  }

  private void jump(int word) {
    out.jump(fragment.starting(word), Fragment.pc(word));
  }

  private void instruction(int word, long d) {
    int op = Fragment.op(d);
    int rd = (int) d >>> 8 & 63;
    int a = (int) d >>> 14 & 63;
    int b = (int) d >>> 20 & 63;
    long imm = d >> 32;
    if (op >= Op.BEQ && op <= Op.BGEU) {
      int to = word + 1 + (int) imm;
      out.get(a);
      out.get(b);
      out.branch(op, fragment.starting(to), Fragment.pc(to));
    } else if (op >= Op.LB && op <= Op.SD || op >= Op.VLOAD && op <= Op.DOTH) {
      memory(op, rd, a, b, imm);
    } else if (op >= Op.ADDI && op <= Op.SRAIW) {
      immediate(op, a, imm);
      out.set(rd);
    } else if (op >= Op.ADD && op <= Op.MULW) {
      register(op, a, b);
      out.set(rd);
    } else if (op >= Op.FADD) {
      out.get(a);
      out.get(b);
      out.compute(op, (int) imm);
      out.set(rd);
    } else {
      control(op, word, rd, a, imm);
    }
  }

  private void control(int op, int word, int rd, int a, long imm) {
    switch (op) {
      case Op.LUI:
        out.constant(imm);
        out.set(rd);
        break;
      case Op.AUIPC:
        out.constant(Fragment.pc(word) + imm);
        out.set(rd);
        break;
      case Op.JAL:
        out.constant(Fragment.pc(word + 1));
        out.set(rd);
        int to = word + 1 + (int) imm;
        if (rd == 32) {
          jump(to);
        } else {
          out.jump(-1, Fragment.pc(to)); // calls go to fragments of their own
        }
        break;
      case Op.JALR:
        address(a, imm);
        out.constant(~1L);
        out.binary(Op.AND);
        out.constant(Fragment.pc(word + 1));
        out.set(rd);
        out.leave();
        break;
      case Op.NOP:
        break;
      default:
        out.stop();
        break;
    }
  }

  private void address(int base, long offset) {
    out.get(base);
    if (offset != 0) {
      out.constant(offset);
      out.binary(Op.ADD);
    }
  }

  private void memory(int op, int rd, int a, int b, long imm) {
    address(a, imm);
    if (op <= Op.LWU) {
      out.load(op);
      out.set(rd);
    } else if (op <= Op.SD) {
      out.get(b);
      out.store(op);
    } else if (op <= Op.VLOAD4) {
      out.vector(op);
    } else {
      out.dot(op);
      out.set(rd);
    }
  }

  private void immediate(int op, int a, long imm) {
    boolean word = op >= Op.ADDIW;
    int wide = op == Op.ADDIW ? Op.ADDI : op == Op.SLLIW ? Op.SLLI : op;
    out.get(a);
    half(op == Op.SRLIW, op == Op.SRAIW);
    out.constant(imm);
    switch (wide) {
      case Op.ADDI -> out.binary(Op.ADD);
      case Op.SLLI -> out.binary(Op.SLL);
      case Op.SLTI -> out.binary(Op.SLT);
      case Op.SLTIU -> out.binary(Op.SLTU);
      case Op.XORI -> out.binary(Op.XOR);
      case Op.ORI -> out.binary(Op.OR);
      case Op.ANDI -> out.binary(Op.AND);
      case Op.SRLI, Op.SRLIW -> out.binary(Op.SRL);
      default -> out.binary(Op.SRA);
    }
    if (word) {
      out.extend();
    }
  }

  private void register(int op, int a, int b) {
    boolean word = op >= Op.ADDW && op <= Op.SRAW || op == Op.MULW;
    boolean shift = op >= Op.SLLW && op <= Op.SRAW;
    out.get(a);
    half(op == Op.SRLW, op == Op.SRAW);
    out.get(b);
    if (shift) {
      out.constant(31);
      out.binary(Op.AND);
    }
    switch (op) {
      case Op.ADDW -> out.binary(Op.ADD);
      case Op.SUBW -> out.binary(Op.SUB);
      case Op.SLLW -> out.binary(Op.SLL);
      case Op.SRLW -> out.binary(Op.SRL);
      case Op.SRAW -> out.binary(Op.SRA);
      case Op.MULW -> out.binary(Op.MUL);
      default -> out.binary(op);
    }
    if (word) {
      out.extend();
    }
  }

  /** The lower half of what was pushed last, as a number without or with a sign. */
  private void half(boolean unsigned, boolean signed) {
    if (unsigned) {
      out.constant(LOW);
      out.binary(Op.AND);
    } else if (signed) {
      out.extend();
    }
  }
}
