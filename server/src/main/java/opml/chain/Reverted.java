package opml.chain;

/** The chain refuses a call; the message names the contract's custom error where it is known. */
public final class Reverted extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final byte[] data;

  /**
   * A refusal.
   *
   * @param data returned bytes, empty when there are none
   */
  public Reverted(String message, byte[] data) {
    super(message);
    this.data = data;
  }

  /** Returned bytes: selector and arguments of the error. */
  public byte[] data() {
    return data;
  }

  /** The error's name without its arguments. */
  public String error() {
    int open = getMessage().indexOf('(');
    return open < 0 ? getMessage() : getMessage().substring(0, open);
  }
}
