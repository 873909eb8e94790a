package opml.translate;

import java.util.HashMap;
import java.util.Map;
import opml.translate.Value.Constant;
import opml.translate.Value.Register;
import opml.translate.Value.Sum;

/** Appends intermediate code to a routine and turns symbolic values into registers. */
final class Code {
  final Routine routine;

  /** The open block, null after an instruction that does not fall through. */
  private Block block;

  /** Constants already in a register of the open block. */
  private final Map<Long, Integer> constants = new HashMap<>();

  Code(Routine routine) {
    this.routine = routine;
  }

  boolean open() {
    return block != null;
  }

  /** Begins the block; an open block falls into it. */
  void begin(Block next) {
    if (block != null) {
      block.next = next;
    }
    routine.blocks.add(next);
    block = next;
    constants.clear();
  }

  /** Ends the open block with a jump, or with nothing when target is null. */
  void end(Block target) {
    block.next = target;
    block = null;
  }

  /** Branches to `taken`, falls into a new block otherwise. */
  void branch(Op op, int a, int b, Block taken, String site) {
    block.branch = new Instr(op, -1, a, b, 0);
    block.taken = taken;
    Block next = new Block(site);
    block.next = next;
    routine.blocks.add(next);
    block = next;
    // Constants stay known: the new block has no other predecessor.
  }

  Instr emit(Op op, int dst, int a, int b, long imm) {
    Instr instr = new Instr(op, dst, a, b, imm);
    block.body.add(instr);
    return instr;
  }

  int make(Op op, int a, int b, long imm) {
    int dst = routine.fresh();
    emit(op, dst, a, b, imm);
    return dst;
  }

  void move(int dst, int source) {
    if (dst != source) {
      emit(Op.MOVE, dst, source, -1, 0);
    }
  }

  int constant(long bits) {
    if (bits == 0) {
      return 0;
    }
    return constants.computeIfAbsent(bits, k -> make(Op.LI, -1, -1, k));
  }

  /** The register that holds the value. */
  int register(Value value) {
    return switch (value) {
      case Constant(char type, long bits) -> constant(bits);
      case Register(char type, int id) -> id;
      case Sum(int id, long offset) when fits(offset) -> make(Op.ADDI, id, -1, offset);
      case Sum(int id, long offset) -> make(Op.ADD, id, constant(offset), 0);
      default -> throw new IllegalStateException("no register for " + value);
    };
  }

  /** Copies the value to a register of its own choice of instruction. */
  void assign(int dst, Value value) {
    switch (value) {
      case Constant(char type, long bits) -> emit(Op.LI, dst, -1, -1, bits);
      case Sum(int id, long offset) when fits(offset) -> emit(Op.ADDI, dst, id, -1, offset);
      case Sum(int id, long offset) -> emit(Op.ADD, dst, id, constant(offset), 0);
      default -> move(dst, register(value));
    }
  }

  /** The address as a register and a 12-bit offset. */
  Sum address(Value value) {
    long offset = value instanceof Sum s ? s.offset() : value instanceof Constant c ? c.bits() : 0;
    long low = offset << 52 >> 52;
    int high = constant(offset - low);
    return switch (value) {
      case Constant c -> new Sum(high, low);
      case Sum(int id, long all) when high == 0 -> new Sum(id, low);
      case Sum(int id, long all) -> new Sum(make(Op.ADD, id, high, 0), low);
      default -> new Sum(register(value), 0);
    };
  }

  static boolean fits(long immediate) {
    return immediate >= -2048 && immediate < 2048;
  }
}
