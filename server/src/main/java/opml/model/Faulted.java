package opml.model;

/** The guest faulted: there is no answer that could be claimed. */
public final class Faulted extends IllegalStateException {
  private static final long serialVersionUID = 1;

  private final long operators;

  Faulted(long operators, String reason) {
    super("the guest faulted in operator " + (operators - 1) + ": " + reason);
    this.operators = operators;
  }

  /** Operators run, the one that faulted included. */
  public long operators() {
    return operators;
  }
}
