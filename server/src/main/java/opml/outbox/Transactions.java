package opml.outbox;

import io.quarkus.narayana.jta.QuarkusTransaction;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import opml.chain.Call;
import opml.chain.Outbox;
import opml.chain.Reverted;
import opml.chain.Sender;
import opml.chain.Sent;

/**
 * Sends for one account: the intent and its reason are stored, then signed, then sent.
 *
 * <p>INVARIANT: one key is one nonce, so the chain can do it only once, whatever is killed when.
 */
public final class Transactions implements Outbox {
  private final Sender sender;
  private final Clock clock;

  Transactions(Sender sender, Clock clock) {
    this.sender = sender;
    this.clock = clock;
  }

  @Override
  public String account() {
    return sender.account();
  }

  @Override
  public void tend() {
    sender.tend();
  }

  @Override
  public Optional<Sent> outcome(String key) {
    try {
      return sender.outcome(key);
    } catch (Reverted e) {
      QuarkusTransaction.requiringNew().run(() -> refused(key, e));
      throw e;
    }
  }

  @Override
  public Optional<Sent> post(String key, Call call, String reason) {
    QuarkusTransaction.requiringNew().run(() -> intend(key, call, reason));
    try {
      return sender.post(key, call, reason);
    } catch (Reverted e) {
      QuarkusTransaction.requiringNew().run(() -> refused(key, e));
      throw e;
    }
  }

  @Override
  public Sent send(String key, Call call) {
    return send(key, call, key);
  }

  /**
   * Sends once per key, whatever happens to this process.
   *
   * @param reason why, in words; kept with the transaction
   * @throws Reverted when the chain refuses it now; it may be asked again
   */
  public Sent send(String key, Call call, String reason) {
    QuarkusTransaction.requiringNew().run(() -> intend(key, call, reason));
    try {
      Sent sent = sender.send(key, call);
      boolean freed =
          !sent.succeeded() && QuarkusTransaction.requiringNew().call(() -> Intent.release(key));
      return freed ? send(key, call, reason) : sent;
    } catch (Reverted e) {
      QuarkusTransaction.requiringNew().run(() -> refused(key, e));
      throw e;
    }
  }

  private void intend(String key, Call call, String reason) {
    if (Intent.findByIdOptional(key).isPresent()) {
      return;
    }
    Intent row = new Intent();
    row.key = key;
    row.account = account();
    row.recipient = call.to();
    row.data = call.data();
    row.value = new BigDecimal(call.value());
    row.reason = reason;
    row.createdAt = Instant.now(clock);
    row.persist();
  }

  private void refused(String key, Reverted e) {
    Intent row = Intent.findById(key);
    row.error = e.getMessage();
  }
}
