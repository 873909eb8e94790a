package opml.model;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import opml.chain.ChainDown;
import opml.chain.DisputeContract;
import opml.chain.ReceiptsContract;
import opml.chain.RegistryContract;
import opml.chain.Reverted;
import opml.http.Hex;
import opml.outbox.Parties;
import opml.outbox.Transactions;
import opml.role.Role;
import opml.role.Roles;
import org.jboss.logging.Logger;

/** Announces the open models on chain and puts up the escrow behind receipts, once each. */
@ApplicationScoped
class Registration {
  private static final Logger LOG = Logger.getLogger(Registration.class);
  private static final BigInteger ESCROW_BONDS = BigInteger.TEN;

  private final Models models;
  private final Parties parties;
  private final Roles roles;
  private final Set<String> done = new HashSet<>();

  Registration(Models models, Parties parties, Roles roles) {
    this.models = models;
    this.parties = parties;
    this.roles = roles;
  }

  @Scheduled(
      every = "5s",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
      skipExecutionIf = Scheduled.ApplicationNotRunning.class)
  void register() {
    if (!roles.plays(Role.PROPOSER)) {
      return;
    }
    try {
      escrow();
      models.all().forEach(this::register);
    } catch (Reverted | ChainDown e) {
      LOG.warnf("registration waits: %s", e.getMessage());
    }
  }

  private void register(Model model) {
    String id = Hex.of(model.id());
    if (!done.contains(id)) {
      RegistryContract registry =
          new RegistryContract(parties.chain(), parties.deployment().contracts().registry());
      parties
          .proposing()
          .send("register " + id, registry.register(model.onChain(), List.of()), model.name());
      done.add(id);
    }
  }

  private void escrow() {
    String address = parties.deployment().contracts().receipts();
    if (done.contains(address)) {
      return;
    }
    ReceiptsContract contract = new ReceiptsContract(parties.chain(), address);
    String dispute = parties.deployment().contracts().dispute();
    BigInteger bond = new DisputeContract(parties.chain(), dispute).terms().claimBond();
    Transactions proposing = parties.proposing();
    if (contract.escrow(proposing.account()).amount().compareTo(bond) < 0) {
      BigInteger amount = bond.multiply(ESCROW_BONDS);
      proposing.send("escrow " + address, contract.deposit(amount), "backs ten disputed receipts");
    }
    done.add(address);
  }
}
