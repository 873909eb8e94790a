package opml.receipt;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import opml.chain.Anvil;
import opml.chain.ChainDown;
import opml.chain.ReceiptsContract;
import opml.chain.Reverted;
import opml.chain.Sent;
import opml.http.Hex;
import opml.outbox.Parties;
import opml.role.Role;
import opml.role.Roles;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Binds receipts on chain in batches. The batch is a row before its transaction is signed. One that
 * is reverted is sent again under another key, less and less often; that the chain would take it is
 * asked before each, so that no root is anchored, nor paid for, twice. Until then the receipts are
 * what their signature makes them: generated.
 */
@ApplicationScoped
class Anchors {
  private static final Logger LOG = Logger.getLogger(Anchors.class);

  private final Parties parties;
  private final Receipts receipts;
  private final Roles roles;
  private final Clock clock;
  private final MeterRegistry meters;
  private final int size;
  private final Duration patience;

  Anchors(
      Parties parties,
      Receipts receipts,
      Roles roles,
      Clock clock,
      MeterRegistry meters,
      @ConfigProperty(name = "opml.receipt.batch") int size,
      @ConfigProperty(name = "opml.receipt.patience") Optional<Duration> patience) {
    this.parties = parties;
    this.receipts = receipts;
    this.roles = roles;
    this.clock = clock;
    this.meters = meters;
    this.size = size;
    this.patience = patience.orElse(usual(parties.deployment().chainId()));
  }

  /**
   * Gas costs something elsewhere, and until it is anchored a receipt is bound by its signature.
   */
  static Duration usual(long chainId) {
    return chainId == Anvil.CHAIN_ID ? Duration.ofSeconds(1) : Duration.ofMinutes(5);
  }

  @Scheduled(
      every = "${opml.chain.poll}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
      skipExecutionIf = Scheduled.ApplicationNotRunning.class)
  void anchor() {
    if (!roles.plays(Role.PROPOSER)) {
      return;
    }
    QuarkusTransaction.requiringNew().run(this::gather);
    List<Anchor> waiting =
        QuarkusTransaction.requiringNew().call(() -> Anchor.list("transactionHash is null"));
    for (Anchor batch : waiting) {
      try {
        if (batch.isDue(Instant.now(clock))) {
          bind(batch);
        }
      } catch (Reverted | ChainDown e) {
        LOG.warnf("batch %s: %s", Hex.of(batch.root), e.getMessage());
      }
    }
    QuarkusTransaction.requiringNew().run(this::finish);
  }

  private void gather() {
    List<Receipt> loose =
        Receipt.<Receipt>find("anchorRoot is null order by sequence").page(0, size).list();
    boolean due =
        loose.size() == size
            || !loose.isEmpty()
                && loose.getFirst().createdAt.plus(patience).isBefore(Instant.now(clock));
    if (!due) {
      return;
    }
    Batch tree = new Batch(loose.stream().map(r -> r.id).toList());
    Anchor anchor = new Anchor();
    anchor.root = tree.root();
    anchor.leaves = loose.size();
    anchor.persist();
    Anchor.flush();
    for (int i = 0; i < loose.size(); i++) {
      Receipt receipt = loose.get(i);
      receipt.anchorRoot = anchor.root;
      receipt.leafIndex = i;
      receipt.branch = tree.branch(i);
    }
  }

  private void bind(Anchor batch) {
    ReceiptsContract contract =
        new ReceiptsContract(parties.chain(), parties.deployment().contracts().receipts());
    Sent sent = send(contract, batch);
    if (!sent.succeeded()) {
      batch.failed(Instant.now(clock));
      keep(batch);
      LOG.errorf(
          "batch %s of %d receipts: %s was reverted on chain, the next is sent in %d s",
          Hex.of(batch.root), batch.leaves, sent.transaction(), batch.pause());
      return;
    }
    Instant at = Instant.ofEpochSecond(parties.chain().blockTime(sent.block()));
    QuarkusTransaction.requiringNew().run(() -> bound(batch.root, sent, at));
    meters.counter("opml.receipts.anchored").increment(batch.leaves);
  }

  private Sent send(ReceiptsContract contract, Anchor batch) {
    try {
      return parties
          .proposing()
          .send(batch.key(), contract.anchor(batch.root, batch.leaves), batch.leaves + " receipts");
    } catch (Reverted e) {
      if (!e.error().equals("AlreadyAnchored")) {
        throw e;
      }
      // By a transaction that this database knows nothing of, or takes for reverted.
      String own = parties.proposing().account();
      return contract
          .anchoring(own, batch.root)
          .orElseThrow(
              () -> {
                batch.failedAt = Instant.now(clock);
                keep(batch);
                return e;
              });
    }
  }

  private static void keep(Anchor batch) {
    QuarkusTransaction.requiringNew()
        .run(
            () ->
                Anchor.update(
                    "failures = ?1, failedAt = ?2 where root = ?3",
                    batch.failures,
                    batch.failedAt,
                    batch.root));
  }

  private void bound(byte[] root, Sent sent, Instant at) {
    Anchor anchor = Anchor.findById(root);
    anchor.transactionHash = sent.transaction();
    anchor.block = sent.block();
    anchor.anchoredAt = at;
    for (Receipt receipt : Receipt.<Receipt>list("anchorRoot", (Object) root)) {
      change(receipt, Receipt.Status.GENERATED, Receipt.Status.ANCHORED);
    }
  }

  /** Nobody doubted them in time. */
  private void finish() {
    long now = Instant.now(clock).getEpochSecond();
    for (Receipt receipt :
        Receipt.<Receipt>list("status = ?1 and deadline <= ?2", Receipt.Status.ANCHORED, now)) {
      change(receipt, Receipt.Status.ANCHORED, Receipt.Status.FINAL);
    }
  }

  /** The database compares: the indexer may have seen a challenge since the row was read. */
  private void change(Receipt receipt, Receipt.Status from, Receipt.Status to) {
    if (Receipt.update("status = ?1 where id = ?2 and status = ?3", to, receipt.id, from) == 1) {
      receipts.tell(receipt.id, to);
    }
  }
}
