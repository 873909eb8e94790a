package opml.outbox;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import opml.chain.Account;
import opml.chain.Chain;
import opml.chain.Sender;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The accounts of this process, the chain they act on and the contracts there. */
@ApplicationScoped
public class Parties {
  private final Chain chain;
  private final Deployed deployment;
  private final Account proposer;
  private final Transactions proposing;
  private final Transactions validating;

  Parties(
      DatabaseJournal journal,
      Clock clock,
      Config config,
      @ConfigProperty(name = "opml.chain.rpc-url") String rpcUrl,
      @ConfigProperty(name = "opml.chain.more-rpc-urls") Optional<List<String>> moreUrls,
      @ConfigProperty(name = "opml.chain.timeout") Duration timeout,
      @ConfigProperty(name = "opml.chain.log-range") int logRange,
      @ConfigProperty(name = "opml.chain.deployment") Path deployed) {
    Keys keys = new Keys(name -> config.getOptionalValue(name, String.class), rpcUrl);
    List<String> urls = new ArrayList<>(List.of(rpcUrl));
    urls.addAll(moreUrls.orElse(List.of()));
    chain = Chain.connect(urls, timeout, logRange);
    deployment = Deployed.read(deployed);
    proposer = keys.account("proposer", deployment.chainId());
    Account validator = keys.account("validator", deployment.chainId());
    proposing = new Transactions(new Sender(chain, proposer, journal), clock);
    validating = new Transactions(new Sender(chain, validator, journal), clock);
  }

  public Chain chain() {
    return chain;
  }

  public Deployed deployment() {
    return deployment;
  }

  /** Signs receipts and claims. */
  public Account proposer() {
    return proposer;
  }

  /** Transactions of the proposer. */
  public Transactions proposing() {
    return proposing;
  }

  /** Transactions of the validator. */
  public Transactions validating() {
    return validating;
  }

  void stop(@Observes ShutdownEvent event) {
    chain.close();
  }
}
