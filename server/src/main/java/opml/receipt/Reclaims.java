package opml.receipt;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import opml.chain.DisputeContract;
import opml.chain.ReceiptsContract;
import opml.http.Hex;
import opml.money.Bonds;
import opml.outbox.Parties;
import opml.role.EachRow;
import opml.role.Role;
import opml.role.Roles;
import org.jboss.logging.Logger;

/** Brings the bonds of challenged receipts back into the escrow. */
@ApplicationScoped
class Reclaims {
  private static final Logger LOG = Logger.getLogger(Reclaims.class);

  private final Parties parties;
  private final Roles roles;

  Reclaims(Parties parties, Roles roles) {
    this.parties = parties;
    this.roles = roles;
  }

  @Scheduled(
      every = "${opml.chain.poll}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
      skipExecutionIf = Scheduled.ApplicationNotRunning.class)
  void reclaim() {
    if (!roles.plays(Role.PROPOSER)) {
      return;
    }
    List<Receipt> due = QuarkusTransaction.requiringNew().call(this::due);
    EachRow.of(due, LOG, receipt -> "bond of receipt " + Hex.of(receipt.id), this::reclaim);
  }

  /** No claim of a receipt is over before its deadline. */
  private List<Receipt> due() {
    return Receipt.list(
        "claimId is not null and not bondDecided and proposer = ?1 and deadline <= ?2"
            + " order by sequence",
        Hex.bytes(parties.proposer().address()),
        Bonds.now(parties.chain()));
  }

  private void reclaim(Receipt receipt) {
    ReceiptsContract contract =
        new ReceiptsContract(parties.chain(), parties.deployment().contracts().receipts());
    DisputeContract dispute =
        new DisputeContract(parties.chain(), parties.deployment().contracts().dispute());
    DisputeContract.ClaimState claim = dispute.claim(receipt.claimId);
    boolean lost = claim.status() == DisputeContract.Status.DEFEATED;
    if (lost || contract.isReclaimed(receipt.id)) {
      QuarkusTransaction.requiringNew()
          .run(() -> Receipt.update("bondDecided = true where id = ?1", (Object) receipt.id));
    } else if (Bonds.isFree(parties.chain(), claim)) {
      Bonds.send(
          parties.proposing(),
          "reclaim " + Hex.of(receipt.id),
          contract.reclaim(receipt.says()),
          "the receipt was true");
    }
  }
}
