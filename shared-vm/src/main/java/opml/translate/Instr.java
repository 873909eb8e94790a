package opml.translate;

/**
 * One instruction of the intermediate code. Registers 0..31 are the machine's, higher numbers are
 * virtual, -1 is none. `imm` is the immediate, the constant, the slot or the bound.
 */
final class Instr {
  final Op op;
  int dst;
  int a;
  int b;
  final long imm;

  /** The called routine of a CALL. */
  Routine callee;

  /** Where a bound was written (class:line), and the loop that it bounds. */
  String site;

  Block loop;

  Instr(Op op, int dst, int a, int b, long imm) {
    this.op = op;
    this.dst = dst;
    this.a = a;
    this.b = b;
    this.imm = imm;
  }

  Instr copy() {
    Instr copy = new Instr(op, dst, a, b, imm);
    copy.callee = callee;
    copy.site = site;
    copy.loop = loop;
    return copy;
  }
}
