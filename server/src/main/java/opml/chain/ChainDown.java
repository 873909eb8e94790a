package opml.chain;

/** The endpoint does not answer, or answers with an error that is no revert. */
public final class ChainDown extends RuntimeException {
  private static final long serialVersionUID = 1;

  ChainDown(String message, Throwable cause) {
    super(message, cause);
  }
}
