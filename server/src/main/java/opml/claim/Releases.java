package opml.claim;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import opml.chain.DisputeContract;
import opml.http.Hex;
import opml.money.Bonds;
import opml.outbox.Parties;
import opml.role.EachRow;
import opml.role.Role;
import opml.role.Roles;
import org.jboss.logging.Logger;

/** Frees the bonds of own claims whose window is over. */
@ApplicationScoped
class Releases {
  private static final Logger LOG = Logger.getLogger(Releases.class);

  /**
   * Receipts are reclaimed into their escrow and open requests finalized: both release on the way.
   */
  private static final String DUE =
      "select id from claim where status = 'OPEN' and kind <> 'RECEIPT' and proposer = ?1"
          + " and (kind = 'ORACLE' or source = proposer)" // a stranger's bond may be held for him
          + " and window_ends_at <= ?2 and not exists (select 1 from oracle_request r"
          + " where r.claim_id = claim.id and r.status = 'CLAIMED') order by sequence";

  private final Parties parties;
  private final Roles roles;

  Releases(Parties parties, Roles roles) {
    this.parties = parties;
    this.roles = roles;
  }

  @Scheduled(
      every = "${opml.chain.poll}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
      skipExecutionIf = Scheduled.ApplicationNotRunning.class)
  void release() {
    if (!roles.plays(Role.PROPOSER)) {
      return;
    }
    List<byte[]> due = QuarkusTransaction.requiringNew().call(this::due);
    EachRow.of(due, LOG, id -> "release of claim " + Hex.of(id), this::release);
  }

  @SuppressWarnings("unchecked") // ids of one column
  private List<byte[]> due() {
    return ClaimRecord.getEntityManager()
        .createNativeQuery(DUE, byte[].class)
        .setParameter(1, parties.proposing().account().toLowerCase(Locale.ROOT))
        .setParameter(2, Instant.ofEpochSecond(Bonds.now(parties.chain())))
        .getResultList();
  }

  /** The row is over when the indexer sees the claim survive, whoever released it. */
  private void release(byte[] id) {
    DisputeContract dispute =
        new DisputeContract(parties.chain(), parties.deployment().contracts().dispute());
    DisputeContract.ClaimState state = dispute.claim(id);
    if (state.status() == DisputeContract.Status.OPEN && Bonds.isFree(parties.chain(), state)) {
      Bonds.send(
          parties.proposing(),
          "release " + Hex.of(id),
          dispute.release(id),
          "the window is over and no game is open");
    }
  }
}
