package opml.chain;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sends the transactions of one account: nonces in order, each kept in the journal before it
 * leaves, any number on their way at once, replaced with a higher fee when no block takes them.
 *
 * <p>After kill -9 the same key finds its signed transaction in the journal and sends the same
 * bytes: the chain can execute them only once.
 */
public final class Sender implements Outbox {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * The account is ours alone: an endpoint that tells a nonce far beyond our own is wrong. SAFETY:
   * believed, it would leave a gap that costs the gas of a transaction for each nonce in it.
   */
  private static final int STRANGE = 64;

  /** Nanoseconds for which a fee or a nonce that an endpoint told is good. */
  private static final long FRESH = 1_000_000_000;

  /** Outcomes kept for those who posted and have not asked yet. */
  private static final int KEPT = 8192;

  private final Chain chain;
  private final Account account;
  private final Journal journal;
  private final Duration patience;
  private final int strange;
  private final Care care;
  private final Map<String, Sent> mined =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Sent> eldest) {
              return size() > KEPT;
            }
          });
  private final Map<String, Reverted> refused = new ConcurrentHashMap<>();
  private long next = -1;
  private long nextAt;
  private Fee fee;
  private long feeAt;

  public Sender(Chain chain, Account account, Journal journal) {
    this(chain, account, journal, PATIENCE, STRANGE);
  }

  /**
   * A sender that replaces a transaction after {@code patience} without a receipt.
   *
   * @param patience of the order of some blocks
   */
  public Sender(Chain chain, Account account, Journal journal, Duration patience) {
    this(chain, account, journal, patience, STRANGE);
  }

  /**
   * The same for a journal that may lack transactions.
   *
   * @param strange so many that the chain has: more are for an endpoint that is wrong
   */
  public Sender(Chain chain, Account account, Journal journal, int strange) {
    this(chain, account, journal, PATIENCE, strange);
  }

  private Sender(Chain chain, Account account, Journal journal, Duration patience, int strange) {
    this.chain = chain;
    this.account = account;
    this.journal = journal;
    this.patience = patience;
    this.strange = strange;
    care = new Care(this, chain, journal, patience, strange);
  }

  @Override
  public String account() {
    return account.address();
  }

  @Override
  public void tend() {
    care.tend();
  }

  @Override
  public Sent send(String key, Call call) {
    long start = System.nanoTime();
    Optional<Sent> sent = handOver(key, call);
    for (long pause = 2; sent.isEmpty(); pause = Math.min(1000, 2 * pause)) {
      pause(pause);
      sent = receipt(journal.versions(key));
      if (sent.isEmpty() && System.nanoTime() - start > Math.min(FRESH, patience.toNanos())) {
        tend();
        sent = outcome(key);
      }
    }
    Sent done = sent.get().timed(key, (System.nanoTime() - start) / 1_000_000);
    mined.remove(key);
    journal.mined(key, done);
    return done;
  }

  @Override
  public Optional<Sent> post(String key, Call call, String reason) {
    long start = System.nanoTime();
    Optional<Sent> sent;
    List<Signed> before = journal.versions(key);
    try {
      sent = handOver(key, call);
      if (sent.isPresent() && !before.isEmpty()) {
        // Asked for again although done: undone by a reorganisation, or an endpoint is wrong.
        chain.submit(before.getLast());
      }
    } catch (ChainDown e) {
      if (journal.versions(key).isEmpty()) {
        throw e; // nothing is signed: to be asked again
      }
      return Optional.empty(); // it is kept, and goes out as soon as a node takes it
    }
    if (sent.isPresent()) {
      journal.mined(key, sent.get().timed(key, (System.nanoTime() - start) / 1_000_000));
    }
    return sent;
  }

  @Override
  public Optional<Sent> outcome(String key) {
    Reverted reverted = refused.remove(key);
    if (reverted != null) {
      throw reverted;
    }
    return Optional.ofNullable(mined.remove(key));
  }

  private Optional<Sent> handOver(String key, Call call) {
    List<Signed> versions = journal.versions(key);
    Optional<Sent> sent = receipt(versions);
    if (versions.isEmpty()) {
      chain.submit(first(key, call));
      return receipt(journal.versions(key));
    }
    if (sent.isEmpty()) {
      chain.submit(versions.getLast());
    }
    return sent;
  }

  /**
   * Signs under a new nonce: they are given out one at a time, so that two threads never sign the
   * same one.
   */
  Signed first(String key, Call call) {
    long gas = gas(call);
    Fee offered = fee();
    synchronized (this) {
      Signed signed = account.sign(key, call, chain.chainId(), nonce(), gas, offered);
      journal.save(signed);
      next = signed.nonce() + 1;
      return signed;
    }
  }

  /** INVARIANT: no nonce that this journal has signed is signed for another key. */
  private long nonce() {
    long own = 0;
    for (Signed signed : journal.from(account(), Math.max(0, next))) {
      own = Math.max(own, signed.nonce() + 1);
    }
    own = Math.max(own, next);
    if (System.nanoTime() - nextAt < FRESH && next >= 0) {
      return own;
    }
    long told = chain.nonce(account(), true);
    if (own > 0 && told > own + strange) {
      throw new ChainDown(
          chain.url()
              + " tells nonce "
              + told
              + " of "
              + account()
              + ", own journal "
              + own
              + ": either it is wrong, or another process uses this key, and needs one of its own,"
              + " or this journal is an old copy: then start once with"
              + " opml.chain.unknown-transactions="
              + (told - own),
          null);
    }
    nextAt = System.nanoTime();
    return Math.max(own, told);
  }

  /** What the next blocks accept. */
  synchronized Fee fee() {
    if (fee == null || System.nanoTime() - feeAt > FRESH) {
      fee = chain.fee();
      feeAt = System.nanoTime();
    }
    return fee;
  }

  /** Another version of a transaction under the same nonce. */
  Signed version(Signed signed, Fee offered) {
    Signed version = account.sign(signed, chain.chainId(), offered);
    journal.save(version);
    return version;
  }

  /** Pays nothing to itself: uses up a nonce that nothing was signed for. */
  Signed filler(long nonce) {
    String key = "nothing under nonce " + nonce + " of " + account();
    Call nothing = new Call(account(), new byte[0]);
    Signed signed = account.sign(key, nothing, chain.chainId(), nonce, 21_000, fee());
    journal.save(signed);
    return signed;
  }

  void done(String key, Sent sent, long millis) {
    Sent timed = sent.timed(key, millis);
    journal.mined(key, timed);
    mined.put(key, timed);
  }

  void refused(String key, Reverted why) {
    refused.put(key, why);
  }

  /** A fifth more than needed now: the state may change before the block. */
  private long gas(Call call) {
    long needed = chain.estimate(account(), call);
    return needed + needed / 5 + 5_000;
  }

  Optional<Sent> receipt(List<Signed> versions) {
    for (Signed version : versions) {
      Optional<Sent> sent = chain.receipt(version.hash());
      if (sent.isPresent()) {
        return sent;
      }
    }
    return Optional.empty();
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChainDown("interrupted while waiting for a receipt", e);
    }
  }
}
