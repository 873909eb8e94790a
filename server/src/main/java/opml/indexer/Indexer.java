package opml.indexer;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import opml.chain.ChainDown;
import opml.chain.ChainEvent;
import opml.chain.DisputeContract;
import opml.chain.OracleContract;
import opml.outbox.Parties;
import opml.role.Role;
import opml.role.Roles;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Follows the chain's head. */
@ApplicationScoped
public class Indexer {
  private static final Logger LOG = Logger.getLogger(Indexer.class);
  private static final int BLOCKS_MAX = 2_000;

  private final Parties parties;
  private final Recorder recorder;
  private final Roles roles;
  private final int confirmations;
  private final AtomicLong lag = new AtomicLong(-1);

  Indexer(
      Parties parties,
      Recorder recorder,
      Roles roles,
      MeterRegistry meters,
      @ConfigProperty(name = "opml.chain.confirmations") int confirmations) {
    this.parties = parties;
    this.recorder = recorder;
    this.roles = roles;
    this.confirmations = confirmations;
    meters.gauge("opml.indexer.lag.blocks", lag);
  }

  /** Blocks between the head and what was read; -1 before the first look. */
  public long lag() {
    return lag.get();
  }

  @Scheduled(
      every = "${opml.chain.poll}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
      skipExecutionIf = Scheduled.ApplicationNotRunning.class)
  void follow() {
    if (!roles.plays(Role.INDEXER)) {
      return;
    }
    try {
      while (step()) {
        // until the head is reached
      }
    } catch (ChainDown e) {
      LOG.warnf("the chain does not answer: %s", e.getMessage());
    }
  }

  private boolean step() {
    long next = QuarkusTransaction.requiringNew().call(this::next);
    long head = parties.chain().head() - confirmations;
    lag.set(Math.max(0, head - next + 1));
    if (next > head) {
      return false;
    }
    long last = Math.min(head, next + BLOCKS_MAX - 1);
    String disputeAt = parties.deployment().contracts().dispute();
    String oracleAt = parties.deployment().contracts().oracle();
    DisputeContract dispute = new DisputeContract(parties.chain(), disputeAt);
    OracleContract oracle = new OracleContract(parties.chain(), oracleAt);
    List<ChainEvent> disputes = dispute.events(next, last, null);
    List<ChainEvent> oracles = oracle.events(next, last, null);
    Blocks blocks = new Blocks(parties.chain());
    disputes.forEach(blocks::fetch);
    oracles.forEach(blocks::fetch);
    QuarkusTransaction.requiringNew()
        .timeout(120)
        .run(
            () -> {
              Cursor cursor = Cursor.findById("events", LockModeType.PESSIMISTIC_WRITE);
              if (cursor.nextBlock != next) {
                return; // another process was faster
              }
              disputes.forEach(event -> recorder.dispute(event, blocks));
              oracles.forEach(event -> recorder.oracle(event, blocks));
              cursor.nextBlock = last + 1;
            });
    lag.set(head - last);
    return last < head;
  }

  private long next() {
    Cursor cursor = Cursor.findById("events");
    if (cursor == null) {
      cursor = new Cursor();
      cursor.name = "events";
      cursor.nextBlock = parties.deployment().firstBlock();
      cursor.persist();
    }
    return cursor.nextBlock;
  }
}
