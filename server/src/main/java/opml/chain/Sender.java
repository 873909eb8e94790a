package opml.chain;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Sends the transactions of one account: nonces in order, each kept in the journal before it
 * leaves, replaced with a higher fee when no block takes it.
 *
 * <p>After kill -9 the same key finds its signed transaction in the journal and sends the same
 * bytes: the chain can execute them only once.
 */
public final class Sender implements Outbox {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Chain chain;
  private final Account account;
  private final Journal journal;
  private final Duration patience;

  public Sender(Chain chain, Account account, Journal journal) {
    this(chain, account, journal, PATIENCE);
  }

  /**
   * A sender that replaces a transaction after {@code patience} without a receipt.
   *
   * @param patience of the order of some blocks
   */
  public Sender(Chain chain, Account account, Journal journal, Duration patience) {
    this.chain = chain;
    this.account = account;
    this.journal = journal;
    this.patience = patience;
  }

  @Override
  public String account() {
    return account.address();
  }

  /** Hands over again what the journal has and the chain may have lost. */
  public void resume() {
    journal.pending(account()).forEach(chain::submit);
  }

  @Override
  public Sent send(String key, Call call) {
    long start = System.nanoTime();
    List<Signed> versions = journal.versions(key);
    Optional<Sent> before = receipt(versions);
    Sent sent = before.isPresent() ? before.get() : submitted(key, call, versions);
    Sent done = sent.timed(key, (System.nanoTime() - start) / 1_000_000);
    journal.mined(key, done);
    return done;
  }

  private Sent submitted(String key, Call call, List<Signed> versions) {
    Signed signed = versions.isEmpty() ? first(key, call) : versions.getLast();
    while (true) {
      chain.submit(signed);
      Optional<Sent> sent = await(key);
      if (sent.isPresent()) {
        return sent.get();
      }
      signed = next(key, call, signed);
    }
  }

  /** Nonces are given out one at a time: two threads never sign the same one. */
  private synchronized Signed first(String key, Call call) {
    long gas = gas(call);
    long nonce = chain.nonce(account(), true);
    for (Signed other : journal.pending(account())) {
      nonce = Math.max(nonce, other.nonce() + 1);
    }
    return saved(account.sign(key, call, chain.chainId(), nonce, gas, chain.fee()));
  }

  /** A dearer version; or a new nonce when another transaction has used this one. */
  private Signed next(String key, Call call, Signed last) {
    boolean lost = chain.nonce(account(), false) > last.nonce();
    if (lost && receipt(journal.versions(key)).isEmpty()) {
      return first(key, call);
    }
    Fee fee = last.fee().raised();
    return saved(account.sign(key, call, chain.chainId(), last.nonce(), last.gas(), fee));
  }

  private Signed saved(Signed signed) {
    journal.save(signed);
    return signed;
  }

  /** A fifth more than needed now: the state may change before the block. */
  private long gas(Call call) {
    long needed = chain.estimate(account(), call);
    return needed + needed / 5 + 5_000;
  }

  private Optional<Sent> await(String key) {
    long end = System.nanoTime() + patience.toNanos();
    long pause = 2;
    do {
      Optional<Sent> sent = receipt(journal.versions(key));
      if (sent.isPresent()) {
        return sent;
      }
      pause(pause);
      pause = Math.min(1000, 2 * pause);
    } while (System.nanoTime() < end);
    return Optional.empty();
  }

  private Optional<Sent> receipt(List<Signed> versions) {
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
