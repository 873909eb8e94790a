package opml.outbox;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import opml.chain.ChainDown;
import opml.chain.Sent;
import org.jboss.logging.Logger;

/**
 * Transactions of ours whose block the chain dropped: the same bytes are handed over until they are
 * in a block again. One that fails there gives its key back, so that the act can be repeated.
 */
@ApplicationScoped
public class Orphans {
  private static final Logger LOG = Logger.getLogger(Orphans.class);

  private final Parties parties;
  private final Clock clock;

  Orphans(Parties parties, Clock clock) {
    this.parties = parties;
    this.clock = clock;
  }

  /** Transactions that were mined in blocks above {@code kept}. */
  public List<String> above(long kept) {
    return mined(kept + 1, Long.MAX_VALUE);
  }

  /**
   * Transactions that were mined in blocks first..last and aren't there: their block was dropped
   * before the indexer came to it.
   */
  public List<String> missing(long first, long last) {
    return mined(first, last).stream()
        .filter(
            hash ->
                parties
                    .chain()
                    .receipt(hash)
                    .filter(sent -> sent.block() >= first && sent.block() <= last)
                    .isEmpty())
        .toList();
  }

  private static List<String> mined(long first, long last) {
    return QuarkusTransaction.joiningExisting()
        .call(
            () ->
                Intent.<Intent>list("block between ?1 and ?2", first, last).stream()
                    .map(row -> row.transactionHash)
                    .toList());
  }

  /** The chain has dropped these transactions. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void dropped(List<String> transactions) {
    Intent.update(
        "orphaned = true, transactionHash = null, succeeded = null, gasUsed = null, block = null,"
            + " finishedAt = null where transactionHash in ?1",
        transactions);
  }

  @Scheduled(
      every = "${opml.chain.poll}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
      skipExecutionIf = Scheduled.ApplicationNotRunning.class)
  void again() {
    List<Intent> rows =
        QuarkusTransaction.requiringNew()
            .call(() -> Intent.list("orphaned and transactionHash is null order by sequence"));
    for (Intent row : rows) {
      try {
        again(row.key);
      } catch (ChainDown e) {
        LOG.warnf("'%s' waits after a reorganisation: %s", row.key, e.getMessage());
      }
    }
  }

  private void again(String key) {
    List<SignedTransaction> versions =
        QuarkusTransaction.requiringNew()
            .call(() -> SignedTransaction.list("key = ?1 order by sequence", key));
    for (SignedTransaction version : versions) {
      Optional<Sent> sent = parties.chain().receipt(version.hash);
      if (sent.isPresent()) {
        QuarkusTransaction.requiringNew().run(() -> mined(key, sent.get()));
        return;
      }
    }
    if (!versions.isEmpty()) {
      parties.chain().submit(versions.getLast().signed());
    }
  }

  private void mined(String key, Sent sent) {
    Intent row = Intent.findById(key);
    row.mined(sent, row.milliseconds == null ? 0 : row.milliseconds, Instant.now(clock));
  }
}
