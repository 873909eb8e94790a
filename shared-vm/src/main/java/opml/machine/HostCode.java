package opml.machine;

/** A fragment of guest code in the host's own form. */
public abstract class HostCode {
  /**
   * Enters at a block and executes whole blocks while the budget lasts.
   *
   * @return what is left of the budget; pc, registers and V of the interpreter are up to date
   */
  public abstract int run(Interpreter cpu, int budget, int block);
}
