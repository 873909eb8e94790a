package opml.chain;

import java.util.Optional;

/** Where every transaction goes: persisted first, then sent until it is mined. */
public interface Outbox {
  /** The sender's address. */
  String account();

  /**
   * Does {@code call} once, however often this is asked with the same {@code key}, and waits until
   * it is mined.
   *
   * @param key names what is done by content, for example the position that a move answers
   * @throws Reverted when the chain would refuse it now; nothing was sent then
   */
  Sent send(String key, Call call);

  /**
   * The same without waiting. Once this returns the transaction is kept and goes out until a block
   * takes it, whatever is killed or silent meanwhile.
   *
   * @param reason why, in words
   * @return what became of it, if it is mined already
   * @throws Reverted when the chain would refuse it now; nothing was sent then
   */
  Optional<Sent> post(String key, Call call, String reason);

  /**
   * What became of a posted transaction; empty while it is on its way.
   *
   * @throws Reverted when its nonce was used elsewhere and the chain refuses it by now
   */
  Optional<Sent> outcome(String key);

  /** Sends again what the chain has lost, offers more for what it does not take, notes receipts. */
  void tend();
}
