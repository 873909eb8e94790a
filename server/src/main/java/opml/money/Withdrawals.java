package opml.money;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import opml.chain.Call;
import opml.chain.DisputeContract;
import opml.chain.OracleContract;
import opml.outbox.Parties;
import opml.outbox.Transactions;
import opml.role.EachRow;
import opml.role.Role;
import opml.role.Roles;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Takes what the contracts owe, now and then and when it is worth its gas. */
@ApplicationScoped
class Withdrawals {
  private static final Logger LOG = Logger.getLogger(Withdrawals.class);

  private final Parties parties;
  private final Roles roles;
  private final Clock clock;
  private final Duration every;
  private final BigInteger min;

  Withdrawals(
      Parties parties,
      Roles roles,
      Clock clock,
      @ConfigProperty(name = "opml.withdraw.every") Duration every,
      @ConfigProperty(name = "opml.withdraw.min") BigInteger min) {
    this.parties = parties;
    this.roles = roles;
    this.clock = clock;
    this.every = every;
    this.min = min;
  }

  @Scheduled(
      every = "${opml.withdraw.every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
      skipExecutionIf = Scheduled.ApplicationNotRunning.class)
  void sweep() {
    List<Transactions> accounts = new ArrayList<>();
    if (roles.plays(Role.PROPOSER)) {
      accounts.add(parties.proposing());
    }
    if (roles.plays(Role.VALIDATOR)) {
      accounts.add(parties.validating());
    }
    EachRow.of(accounts, LOG, account -> "bonds of " + account.account(), this::bonds);
    EachRow.of(accounts, LOG, account -> "fees of " + account.account(), this::fees);
  }

  private void bonds(Transactions account) {
    DisputeContract dispute =
        new DisputeContract(parties.chain(), parties.deployment().contracts().dispute());
    take(account, "bonds", dispute.owed(account.account()), dispute.withdraw());
  }

  private void fees(Transactions account) {
    OracleContract oracle =
        new OracleContract(parties.chain(), parties.deployment().contracts().oracle());
    take(account, "fees", oracle.owed(account.account()), oracle.withdraw());
  }

  private void take(Transactions account, String what, BigInteger owed, Call withdraw) {
    if (owed.compareTo(min) < 0) {
      return;
    }
    // One a period: a killed process finds its own key, and the next period has another.
    long period = clock.instant().getEpochSecond() / Math.max(1, every.toSeconds());
    String key = "withdraw " + what + " of " + account.account() + " in " + period;
    account.send(key, withdraw, owed + " wei are owed");
  }
}
