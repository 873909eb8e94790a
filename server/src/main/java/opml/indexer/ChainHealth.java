package opml.indexer;

import jakarta.enterprise.context.ApplicationScoped;
import opml.chain.ChainDown;
import opml.outbox.Parties;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether the chain answers and still has our contracts, and how far the indexer is behind. */
@Readiness
@ApplicationScoped
class ChainHealth implements HealthCheck {
  private final Parties parties;
  private final Indexer indexer;
  private final long lagMax;

  ChainHealth(
      Parties parties,
      Indexer indexer,
      @ConfigProperty(name = "opml.indexer.lag-max") long lagMax) {
    this.lagMax = lagMax;
    this.parties = parties;
    this.indexer = indexer;
  }

  @Override
  public HealthCheckResponse call() {
    if (indexer.stopped() != null) {
      return HealthCheckResponse.named("chain")
          .down()
          .withData("reason", indexer.stopped())
          .build();
    }
    try {
      return HealthCheckResponse.named("chain")
          .status(parties.deployment().isOn(parties.chain()) && indexer.lag() <= lagMax)
          .withData("chainId", parties.deployment().chainId())
          .withData("indexerLag", indexer.lag())
          .build();
    } catch (ChainDown e) {
      return HealthCheckResponse.named("chain").down().withData("reason", "no answer").build();
    }
  }
}
