package opml.translate;

/** The guest uses something outside the Java subset; the message names class, method and line. */
public final class SubsetException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SubsetException(String where, String what) {
    super(where + ": " + what);
  }
}
