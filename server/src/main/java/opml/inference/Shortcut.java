package opml.inference;

/** A faster way from a token boundary on that leaves what single operators would leave. */
interface Shortcut {
  /**
   * Does some operators at once.
   *
   * @param most operators that may be done
   * @return operators done, 0 when one has to go on by single operators
   */
  long run(long most);
}
