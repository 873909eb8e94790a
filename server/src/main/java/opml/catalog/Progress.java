package opml.catalog;

/** Hears how far long work has come. */
@FunctionalInterface
public interface Progress {
  /** Nobody listens. */
  Progress NONE = (what, done, total) -> {};

  /**
   * Called now and then.
   *
   * @param what the work in words
   * @param done bytes or pages done
   * @param total of how many
   */
  void at(String what, long done, long total);
}
