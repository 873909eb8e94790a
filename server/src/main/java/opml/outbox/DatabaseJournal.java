package opml.outbox;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import opml.chain.Journal;
import opml.chain.Sent;
import opml.chain.Signed;

/** The journal of signed transactions, in PostgreSQL: {@code save} returns after the commit. */
@ApplicationScoped
class DatabaseJournal implements Journal {
  /** No reorganisation is older. */
  private static final Duration UNDOABLE = Duration.ofHours(1);

  private final Clock clock;

  DatabaseJournal(Clock clock) {
    this.clock = clock;
  }

  @Override
  public List<Signed> versions(String key) {
    return QuarkusTransaction.requiringNew()
        .call(() -> signed(SignedTransaction.list("key = ?1 order by sequence", key)));
  }

  @Override
  public void save(Signed signed) {
    Instant now = Instant.now(clock);
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              if (Intent.findByIdOptional(signed.key()).isEmpty()) {
                Intent.ofSender(signed, now).persist();
              }
              SignedTransaction.of(signed, now).persist();
            });
  }

  @Override
  public List<Signed> pending(String account) {
    return QuarkusTransaction.requiringNew()
        .call(
            () ->
                signed(
                    SignedTransaction.list(
                        "account = ?1 and key in (select i.key from Intent i where"
                            + " i.transactionHash is null) order by nonce, sequence",
                        account)));
  }

  @Override
  public List<Signed> from(String account, long nonce) {
    Instant recent = Instant.now(clock).minus(UNDOABLE);
    return QuarkusTransaction.requiringNew()
        .call(
            () ->
                signed(
                    SignedTransaction.list(
                        "account = ?1 and nonce >= ?2 and key in (select i.key from Intent i where"
                            + " i.transactionHash is null or i.finishedAt > ?3)"
                            + " order by nonce, sequence",
                        account,
                        nonce,
                        recent)));
  }

  @Override
  public void mined(String key, Sent sent) {
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              Intent row = Intent.findById(key);
              if (row.transactionHash != null) {
                return; // noted before; the time it took then stands
              }
              row.mined(sent, sent.milliseconds(), Instant.now(clock));
            });
  }

  private static List<Signed> signed(List<SignedTransaction> rows) {
    return rows.stream().map(SignedTransaction::signed).toList();
  }
}
