package opml.chain;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * What becomes of transactions after they were handed over: notes those that are mined, sends again
 * what the node has not got, offers more when no block takes them, fills nonces that were left out.
 */
final class Care {
  /** No fee is raised beyond so many times what blocks ask for: a silent node must not cost us. */
  private static final long DEAR = 10;

  /** Nonces looked at in one round: nodes keep few more of one account. */
  private static final int MOST = 1024;

  private final Sender sender;
  private final Chain chain;
  private final Journal journal;
  private final long patience; // nanoseconds
  private final ReentrantLock one = new ReentrantLock();
  private final Map<String, Long> since = new HashMap<>(); // by transaction, nanoseconds

  Care(Sender sender, Chain chain, Journal journal, Duration patience) {
    this.sender = sender;
    this.chain = chain;
    this.journal = journal;
    this.patience = patience.toNanos();
  }

  /** One round; at once when another thread is in one. */
  void tend() {
    if (one.tryLock()) {
      try {
        long mined = chain.nonce(sender.account(), false);
        note(mined);
        push(mined);
      } finally {
        one.unlock();
      }
    }
  }

  /** Receipts of nonces that blocks have taken. */
  private void note(long mined) {
    Map<String, List<Signed>> keys =
        journal.pending(sender.account()).stream()
            .filter(signed -> signed.nonce() < mined)
            .collect(Collectors.groupingBy(Signed::key, LinkedHashMap::new, Collectors.toList()));
    keys.forEach(
        (key, versions) -> {
          Optional<Sent> sent = sender.receipt(versions);
          if (sent.isPresent()) {
            long began = since.getOrDefault(versions.getFirst().hash(), System.nanoTime());
            versions.forEach(version -> since.remove(version.hash()));
            sender.done(key, sent.get(), (System.nanoTime() - began) / 1_000_000);
          } else if (waited("lost " + versions.getLast().hash()) > patience) {
            again(key, versions.getLast());
          }
        });
  }

  /**
   * Its nonce was used, and not by it: signed anew, unless the chain refuses it by now. Only after
   * patience: of several nodes behind one address one may know the nonce before another knows the
   * receipt.
   */
  private void again(String key, Signed lost) {
    since.remove("lost " + lost.hash());
    if (key.startsWith("nothing under nonce ")) {
      return;
    }
    try {
      chain.submit(sender.first(key, Account.call(lost)));
    } catch (Reverted e) {
      sender.refused(key, e);
    }
  }

  /** Everything that blocks have not taken, in the order of nonces. */
  private void push(long mined) {
    TreeMap<Long, Signed> open = new TreeMap<>();
    journal.from(sender.account(), mined).forEach(signed -> open.put(signed.nonce(), signed));
    if (open.isEmpty()) {
      return;
    }
    long known = chain.nonce(sender.account(), true); // the node has all below
    ChainDown refusal = null;
    long end = Math.min(open.lastKey(), mined + MOST);
    for (long nonce = mined; nonce <= end; nonce++) {
      Signed signed = open.get(nonce);
      try {
        if (signed == null && nonce >= known) {
          chain.submit(sender.filler(nonce));
        } else if (signed != null && tooLong(signed, nonce == mined)) {
          chain.submit(dearer(signed));
        } else if (signed != null && nonce >= known) {
          chain.submit(signed);
        }
      } catch (ChainDown e) {
        if (!e.answered()) {
          throw e;
        }
        refusal = e; // of one transaction: the others go on
      }
    }
    if (refusal != null) {
      throw refusal;
    }
  }

  /** The first in line waits for nobody but its fee; others only when fees have risen. */
  private boolean tooLong(Signed signed, boolean first) {
    return waited(signed.hash()) > patience
        && (first || signed.fee().most().compareTo(sender.fee().most()) < 0);
  }

  private Signed dearer(Signed signed) {
    Fee now = sender.fee();
    Fee offered = signed.fee().raised().orAtLeast(now);
    boolean dear =
        offered.most().compareTo(now.most().multiply(java.math.BigInteger.valueOf(DEAR))) > 0;
    since.put(signed.hash(), System.nanoTime());
    return dear ? signed : sender.dearer(signed, offered);
  }

  private long waited(String what) {
    long now = System.nanoTime();
    return now - since.computeIfAbsent(what, any -> now);
  }
}
