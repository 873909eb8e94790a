package opml.indexer;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import opml.chain.Anvil;
import opml.chain.Block;
import opml.chain.Chain;
import opml.chain.ChainDown;
import opml.chain.Contracts;
import opml.chain.Log;
import opml.outbox.Orphans;
import opml.outbox.Parties;
import opml.role.Role;
import opml.role.Roles;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Follows the chain's head: old blocks by ranges, the newest one by one, each tied to its parent.
 *
 * <p>A block near the head is asked for by its hash, so an endpoint that changes its mind, or
 * several of them behind one address, can't mix two chains.
 */
@ApplicationScoped
public class Indexer {
  private static final Logger LOG = Logger.getLogger(Indexer.class);
  private static final int PUBLIC_CONFIRMATIONS = 12;

  /** Blocks below the head that are read one by one. */
  private static final int NEAR = 64;

  /** Blocks that can be taken back. */
  private static final int REMEMBERED = 10_000;

  private final Parties parties;
  private final Recorder recorder;
  private final Branch branch;
  private final Orphans orphans;
  private final Roles roles;
  private final int confirmations;
  private final int range;
  private final AtomicLong lag = new AtomicLong(-1);
  private volatile String stopped;

  Indexer(
      Parties parties,
      Recorder recorder,
      Branch branch,
      Orphans orphans,
      Roles roles,
      MeterRegistry meters,
      @ConfigProperty(name = "opml.chain.confirmations") Optional<Integer> confirmations,
      @ConfigProperty(name = "opml.chain.log-range") int range) {
    this.parties = parties;
    this.recorder = recorder;
    this.branch = branch;
    this.orphans = orphans;
    this.roles = roles;
    this.range = range;
    boolean local = parties.deployment().chainId() == Anvil.CHAIN_ID;
    this.confirmations = confirmations.orElse(local ? 0 : PUBLIC_CONFIRMATIONS);
    meters.gauge("opml.indexer.lag.blocks", lag);
  }

  /** Blocks between the head and what was read; -1 before the first look. */
  public long lag() {
    return lag.get();
  }

  /** Why nothing is read any more, or null. */
  String stopped() {
    return stopped;
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
      stopped = null;
    } catch (ChainDown e) {
      LOG.warnf("the chain does not answer: %s", e.getMessage());
    } catch (Branch.TooDeep e) {
      stopped = e.getMessage();
      LOG.error(e.getMessage());
    }
  }

  private boolean step() {
    Chain chain = parties.chain();
    long head = chain.head() - confirmations;
    if (branch.follow(head)) {
      return true;
    }
    long next = QuarkusTransaction.requiringNew().call(this::next);
    lag.set(Math.max(0, head - next + 1));
    if (next > head) {
      return false;
    }
    long last = Math.max(next, Math.min(head - NEAR, next + range - 1));
    Block block = chain.block(last).orElseThrow(() -> new ChainDown("no block " + last, null));
    Seen before = branch.newest();
    boolean follows = last > next || before == null || before.number != next - 1;
    if (!follows && !block.parent().equals(before.hash)) {
      return true; // another chain: found above the next time
    }
    read(next, block);
    lag.set(head - last);
    return last < head;
  }

  private void read(long next, Block block) {
    Chain chain = parties.chain();
    Contracts at = parties.deployment().contracts();
    List<String> contracts = List.of(at.dispute(), at.oracle());
    List<Log> logs =
        block.number() == next
            ? chain.logs(block.hash(), contracts)
            : chain.logs(next, block.number(), contracts, List.of());
    Blocks blocks = new Blocks(chain);
    blocks.know(block);
    List<Recorder.Told> told = recorder.decode(logs);
    told.forEach(one -> blocks.fetch(one.event()));
    List<String> missing = orphans.missing(next, block.number());
    QuarkusTransaction.requiringNew()
        .timeout(120)
        .run(
            () -> {
              Cursor cursor = Cursor.findById("events", LockModeType.PESSIMISTIC_WRITE);
              if (cursor.nextBlock != next) {
                return; // another process was faster
              }
              recorder.record(told, blocks);
              branch.dropped(missing);
              Seen.of(block).persist();
              cursor.nextBlock = block.number() + 1;
              forget(block.number() - REMEMBERED);
            });
  }

  private static void forget(long block) {
    Seen.delete("number < ?1", block);
    Seen.getEntityManager()
        .createNativeQuery("delete from chain_undo where block < ?1")
        .setParameter(1, block)
        .executeUpdate();
  }

  private long next() {
    Cursor cursor = Cursor.findById("events");
    if (cursor == null) {
      cursor = new Cursor();
      cursor.name = "events";
      cursor.nextBlock = parties.deployment().firstBlock();
      cursor.persist();
      parties.chain().block(cursor.nextBlock - 1).map(Seen::of).ifPresent(seen -> seen.persist());
    }
    return cursor.nextBlock;
  }
}
