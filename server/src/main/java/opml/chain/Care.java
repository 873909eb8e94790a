package opml.chain;

import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What becomes of transactions after they were handed over: notes those that are mined, sends again
 * what the node has not got, offers more when no block takes them, fills nonces that were left out.
 */
final class Care {
  /** No fee is raised beyond so many times what blocks ask for: a silent node must not cost us. */
  private static final long DEAR = 10;

  /**
   * No tip either. SAFETY: each raise makes the tip grow too, and who tells what blocks cost may be
   * the one who gets it.
   */
  private static final long DEAR_TIP = 100;

  /** Nonces looked at in one round: nodes keep few more of one account. */
  private static final int MOST = 1024;

  private final Sender sender;
  private final Chain chain;
  private final Journal journal;
  private final long patience; // nanoseconds
  private final int strange;
  private final ReentrantLock one = new ReentrantLock();
  private final Map<String, Long> since = new HashMap<>(); // by transaction, nanoseconds

  Care(Sender sender, Chain chain, Journal journal, Duration patience, int strange) {
    this.sender = sender;
    this.chain = chain;
    this.journal = journal;
    this.patience = patience.toNanos();
    this.strange = strange;
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
    TreeMap<Long, List<Signed>> open =
        journal.from(sender.account(), mined).stream()
            .collect(Collectors.groupingBy(Signed::nonce, TreeMap::new, Collectors.toList()));
    if (open.isEmpty()) {
      return;
    }
    long known = chain.nonce(sender.account(), true); // the node has all below
    ChainDown refusal = null;
    long end = Math.min(open.lastKey(), mined + MOST);
    require(end - mined + 1 - open.headMap(end, true).size());
    for (long nonce = mined; nonce <= end; nonce++) {
      List<Signed> versions = open.get(nonce);
      try {
        if (versions == null && nonce >= known) {
          chain.submit(sender.filler(nonce));
        } else if (versions != null && tooLong(versions.getLast(), nonce == mined)) {
          handOver(Stream.concat(versions.stream(), dearer(versions.getLast())).toList());
        } else if (versions != null && nonce >= known) {
          handOver(versions);
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

  /**
   * SAFETY: an endpoint that told a far nonce when nothing was in the journal must not make us pay
   * for all below it.
   */
  private void require(long unused) {
    if (unused > strange) {
      throw new ChainDown(
          "nothing is signed under "
              + unused
              + " nonces of "
              + sender.account()
              + " before those that are: an endpoint told a wrong one. To use them up, at 21000"
              + " gas each, start with opml.chain.unknown-transactions="
              + unused,
          null);
    }
  }

  /** The first in line waits for nobody but its fee; others only when fees have risen. */
  private boolean tooLong(Signed signed, boolean first) {
    return waited(signed.hash()) > patience
        && (first || signed.fee().most().compareTo(sender.fee().most()) < 0);
  }

  /** One more version, or none. */
  private Stream<Signed> dearer(Signed signed) {
    Fee now = sender.fee();
    Fee offered = signed.fee().raised().orAtLeast(now);
    since.put(signed.hash(), System.nanoTime());
    return offered.exceeds(now, DEAR, DEAR_TIP)
        ? Stream.empty()
        : Stream.of(sender.version(signed, offered));
  }

  /**
   * The newest version that is taken. A node takes none that costs more than the account has,
   * though less is asked for by now: then one before it, or one for the price of today.
   */
  private void handOver(List<Signed> versions) {
    ChainDown refusal = null;
    for (Signed version : versions.reversed()) {
      try {
        chain.submit(version);
        return;
      } catch (ChainDown e) {
        if (!e.answered()) {
          throw e;
        }
        refusal = refusal == null ? e : refusal;
      }
    }
    Fee now = sender.fee();
    Signed cheapest =
        Collections.min(versions, Comparator.comparing((Signed signed) -> signed.fee().most()));
    if (now.raised().most().compareTo(cheapest.fee().most()) > 0) {
      throw refusal;
    }
    chain.submit(sender.version(cheapest, now));
  }

  private long waited(String what) {
    long now = System.nanoTime();
    return now - since.computeIfAbsent(what, any -> now);
  }
}
