package opml.chain;

/** The endpoint does not answer, or answers with an error that is no revert. */
public final class ChainDown extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * A failure.
   *
   * @param cause null when the endpoint answered, but not with what was asked for
   */
  public ChainDown(String message, Throwable cause) {
    super(message, cause);
  }

  /** Whether the endpoint answered, with an error, rather than not at all. */
  public boolean answered() {
    return getCause() == null;
  }
}
