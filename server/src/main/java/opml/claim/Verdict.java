package opml.claim;

/** What the own replay says about a claim. */
public enum Verdict {
  AGREED,
  DIFFERS,
  /** The model is not open here. */
  UNKNOWN_MODEL,
  /** The engine faulted where the virtual machine does not: this machine cannot be trusted. */
  FAULTED
}
