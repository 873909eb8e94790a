package opml.chain;

/** Where every transaction goes: persisted first, then sent until it is mined. */
public interface Outbox {
  /** The sender's address. */
  String account();

  /**
   * Does {@code call} once, however often this is asked with the same {@code key}.
   *
   * @param key names what is done by content, for example the position that a move answers
   * @throws Reverted when the chain would refuse it now; nothing was sent then
   */
  Sent send(String key, Call call);
}
