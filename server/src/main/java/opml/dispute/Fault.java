package opml.dispute;

/** A planted fault: one wrong bit somewhere in a run that goes on from there. */
public sealed interface Fault {
  /** The operator, counted from 0, in or after which it happens. */
  long operator();

  /** After the operator, bits of a word it wrote are flipped. */
  record Activation(long operator, long address, int bits) implements Fault {}

  /** In the operator, a register gets a wrong value from the instruction-th instruction. */
  record Instruction(long operator, long instruction, int register, long bits) implements Fault {}
}
