package opml.catalog;

/** A model file that cannot be used; the message names offset or field, and what would be right. */
public final class GgufException extends RuntimeException {
  GgufException(String message) {
    super(message);
  }

  static GgufException at(long offset, String message) {
    return new GgufException("at byte " + offset + ": " + message);
  }
}
