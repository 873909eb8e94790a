package opml.indexer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import opml.chain.Chain;
import opml.chain.ChainDown;
import opml.chain.DisputeContract;
import opml.chain.ReceiptsContract;
import opml.games.Clocks;
import opml.outbox.Parties;
import opml.role.Role;
import opml.role.Roles;
import org.jboss.logging.Logger;

/**
 * What an operator watches, looked up now and then: rows by state, the clock that runs out first,
 * money. NaN stands for what is not known yet.
 */
@ApplicationScoped
class Figures {
  private static final Logger LOG = Logger.getLogger(Figures.class);
  private static final BigDecimal ETHER = BigDecimal.TEN.pow(18);

  /** Tables of the database with the states that their rows can have. */
  private static final Map<String, List<String>> STATES =
      Map.of(
          "prompt", List.of("QUEUED", "RUNNING", "DONE", "CANCELLED", "FAILED"),
          "receipt",
              List.of("GENERATED", "ANCHORED", "FINAL", "CHALLENGED", "UPHELD", "OVERTURNED"),
          "claim", List.of("OPEN", "SURVIVED", "DEFEATED"),
          "game", List.of("RUNNING", "PROPOSER_WON", "CHALLENGER_WON"),
          "oracle_request", List.of("OPEN", "CLAIMED", "FINAL", "REFUNDED"));

  private final Parties parties;
  private final Clocks clocks;
  private final Roles roles;
  private final Map<String, MultiGauge> byState = new ConcurrentHashMap<>();
  private final Map<String, Double> numbers = new ConcurrentHashMap<>();

  Figures(Parties parties, Clocks clocks, Roles roles, MeterRegistry meters) {
    this.parties = parties;
    this.clocks = clocks;
    this.roles = roles;
    for (String table : STATES.keySet()) {
      String name = "opml." + table.replace('_', '.') + "s";
      byState.put(table, MultiGauge.builder(name).register(meters));
    }
    gauge(meters, "opml.game.clock.seconds", "of the game played here whose clock ends first");
    gauge(meters, "opml.outbox.backlog", "transactions that are in no block yet");
    gauge(meters, "opml.outbox.failed", "transactions that were reverted on chain");
    gauge(meters, "opml.models.halted", "of which nothing is claimed or signed: opml model resume");
    gauge(meters, "opml.claims.unjudged", "open claims that nobody here has replayed");
    gauge(meters, "opml.balance.proposer.ether", "for bonds and gas");
    gauge(meters, "opml.balance.validator.ether", "for bonds and gas");
    gauge(meters, "opml.escrow.ether", "behind the receipts");
    gauge(meters, "opml.escrow.bonds", "challenged receipts that the escrow covers at a time");
  }

  private void gauge(MeterRegistry meters, String name, String what) {
    Gauge.builder(name, () -> numbers.getOrDefault(name, Double.NaN))
        .description(what)
        .register(meters);
  }

  @Scheduled(
      every = "${opml.metrics.every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
      skipExecutionIf = Scheduled.ApplicationNotRunning.class)
  void look() {
    QuarkusTransaction.requiringNew().run(this::rows);
    try {
      money();
    } catch (ChainDown e) {
      LOG.debugf("no balances: %s", e.getMessage());
    }
  }

  private void rows() {
    STATES.forEach((table, states) -> byState.get(table).register(rows(table, states), true));
    String refused = "error is not null and key not in (select key from signed_transaction)";
    String none = "outbox where transaction_hash is null";
    set("opml.outbox.backlog", count(none + " and not (" + refused + ")"));
    set("opml.outbox.failed", count("outbox where not succeeded"));
    set("opml.claims.unjudged", count("claim where status = 'OPEN' and verdict is null"));
    set("opml.models.halted", count("halt"));
    long now = System.currentTimeMillis() / 1000;
    set(
        "opml.game.clock.seconds",
        clocks.nearest().stream().mapToDouble(end -> end - now).findFirst().orElse(Double.NaN));
  }

  private static List<MultiGauge.Row<?>> rows(String table, List<String> states) {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    for (String state : states) {
      double n = count(table + " where status = '" + state + "'");
      rows.add(MultiGauge.Row.of(Tags.of("status", state.toLowerCase(java.util.Locale.ROOT)), n));
    }
    return rows;
  }

  /** Names are constants of this class: nothing of a client comes here. */
  private static double count(String where) {
    return ((Number)
            Cursor.getEntityManager()
                .createNativeQuery("select count(*) from " + where)
                .getSingleResult())
        .doubleValue();
  }

  private void money() {
    Chain chain = parties.chain();
    if (roles.plays(Role.PROPOSER)) {
      String proposer = parties.proposing().account();
      ether("opml.balance.proposer.ether", chain.balance(proposer));
      var escrow = new ReceiptsContract(chain, parties.deployment().contracts().receipts());
      var amount = escrow.escrow(proposer).amount();
      ether("opml.escrow.ether", amount);
      String dispute = parties.deployment().contracts().dispute();
      var bond = new DisputeContract(chain, dispute).terms().claimBond();
      set("opml.escrow.bonds", amount.divide(bond).doubleValue());
    }
    if (roles.plays(Role.VALIDATOR)) {
      ether("opml.balance.validator.ether", chain.balance(parties.validating().account()));
    }
  }

  private void ether(String name, java.math.BigInteger wei) {
    set(name, new BigDecimal(wei).divide(ETHER).doubleValue());
  }

  private void set(String name, double value) {
    numbers.put(name, value);
  }
}
