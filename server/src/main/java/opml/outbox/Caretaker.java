package opml.outbox;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import opml.chain.ChainDown;
import opml.role.Role;
import opml.role.Roles;
import org.jboss.logging.Logger;

/** Looks after the transactions on their way, those of an earlier process too. */
@ApplicationScoped
class Caretaker {
  private static final Logger LOG = Logger.getLogger(Caretaker.class);

  private final Parties parties;
  private final Roles roles;

  Caretaker(Parties parties, Roles roles) {
    this.parties = parties;
    this.roles = roles;
  }

  @Scheduled(
      every = "${opml.chain.poll}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
      skipExecutionIf = Scheduled.ApplicationNotRunning.class)
  void tend() {
    if (roles.plays(Role.PROPOSER)) {
      tend(parties.proposing());
    }
    if (roles.plays(Role.VALIDATOR)) {
      tend(parties.validating());
    }
  }

  private static void tend(Transactions account) {
    try {
      account.tend();
    } catch (ChainDown e) { // the other account is looked after all the same
      LOG.warnf("transactions of %s: %s", account.account(), e.getMessage());
    }
  }
}
