package opml.machine;

/**
 * Code of a host whose instructions work on a stack, as those of the JVM and of WebAssembly do.
 * {@link Lowering} calls this for one fragment after {@link Fragment}'s blocks, in their order.
 * Operations carry the numbers of {@link Op}; all values are 64 bits wide.
 */
public interface StackCode {
  /**
   * Here begins a block. Its instructions are taken from the budget; a budget that is too small
   * leaves the fragment at the block's first instruction.
   */
  void block(int number, long pc, int instructions);

  /**
   * Here begins an instruction; whatever leaves the fragment in it gives back {@code behind}
   * instructions: itself and those behind it in the block.
   */
  void instruction(long pc, int behind);

  /** Pushes a register of the guest; register 0 is zero. */
  void get(int register);

  /** Pops into a register of the guest; register 32 takes what nobody reads. */
  void set(int register);

  /** Pushes a number. */
  void constant(long value);

  /** Pops two values, pushes ADD, SUB, MUL, AND, OR, XOR, SLL, SRL, SRA, SLT or SLTU of them. */
  void binary(int op);

  /** Sign-extends the lower half of what was pushed last. */
  void extend();

  /** Pops two values, pushes FADD, FSUB, FMUL or an operation of {@link Rare}. */
  void compute(int op, int selector);

  /** Pops an address, pushes LB to LWU of it; an access that faults leaves at the instruction. */
  void load(int op);

  /** Pops a value and below it an address, and stores SB to SD; may leave likewise. */
  void store(int op);

  /** Pops an address for VLOAD or VLOAD4; may leave likewise. */
  void vector(int op);

  /** Pops an address, pushes DOTL or DOTH of it; may leave likewise. */
  void dot(int op);

  /** Pops two values and, when BEQ to BGEU holds, goes on as {@link #jump} does. */
  void branch(int op, int block, long pc);

  /** Goes on with a block, or leaves with the pc when the block is -1. */
  void jump(int block, long pc);

  /** Pops a pc and leaves with it. */
  void leave();

  /** Leaves at the instruction: it is one for the interpreter. */
  void stop();
}
