package opml.chain;

import opml.http.Problem;

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

  /** What a client of the server is told. */
  public static Problem problem() {
    return Problem.unavailable("chain-down", "The chain does not answer: try again.");
  }

  /** Whether the endpoint answered, with an error, rather than not at all. */
  public boolean answered() {
    return getCause() == null;
  }
}
