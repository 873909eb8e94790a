package opml.money;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import opml.chain.Call;
import opml.chain.ChainDown;
import opml.chain.DisputeContract;
import opml.chain.OracleContract;
import opml.chain.Reverted;
import opml.outbox.Parties;
import opml.outbox.Transactions;
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
    try {
      if (roles.plays(Role.PROPOSER)) {
        take(parties.proposing());
      }
      if (roles.plays(Role.VALIDATOR)) {
        take(parties.validating());
      }
    } catch (Reverted | ChainDown e) {
      LOG.warnf("withdrawals wait: %s", e.getMessage());
    }
  }

  private void take(Transactions account) {
    DisputeContract dispute =
        new DisputeContract(parties.chain(), parties.deployment().contracts().dispute());
    OracleContract oracle =
        new OracleContract(parties.chain(), parties.deployment().contracts().oracle());
    take(account, "bonds", dispute.owed(account.account()), dispute.withdraw());
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
