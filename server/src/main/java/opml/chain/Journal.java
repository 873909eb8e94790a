package opml.chain;

import java.util.List;

/** What was signed, kept where a crash can't reach it. */
public interface Journal {
  /** Versions signed for a key, oldest first; all have one nonce unless it was lost. */
  List<Signed> versions(String key);

  /** Keeps a transaction; returns only when it is safe. */
  void save(Signed signed);

  /** Transactions of an account that are not known to be mined, by nonce, oldest version first. */
  List<Signed> pending(String account);

  /**
   * The pending ones and those mined a short while ago, which a reorganisation may undo: with this
   * nonce or a higher one, by nonce, oldest version first.
   */
  List<Signed> from(String account, long nonce);

  /** Notes that a key is done. */
  void mined(String key, Sent sent);
}
