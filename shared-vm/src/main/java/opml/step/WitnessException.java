package opml.step;

/** The bytes offered as a witness are not one: the message says what is wrong. */
public final class WitnessException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public WitnessException(String reason) {
    super(reason);
  }
}
