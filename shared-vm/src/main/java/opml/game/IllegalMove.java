package opml.game;

/** A move that the rules refuse; the message says which rule. */
public final class IllegalMove extends RuntimeException {
  private static final long serialVersionUID = 1;

  IllegalMove(String reason) {
    super(reason);
  }
}
