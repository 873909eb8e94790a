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
import opml.role.Role;
import opml.role.Roles;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The accounts of this process, the chain they act on and the contracts there. */
@ApplicationScoped
public class Parties {
  private final Chain chain;
  private final Deployed deployment;
  private final Account proposer;
  private final Transactions proposing;
  private final Account validator;
  private final Transactions validating;

  Parties(
      Roles roles,
      DatabaseJournal journal,
      Clock clock,
      Config config,
      @ConfigProperty(name = "opml.chain.rpc-url") String rpcUrl,
      @ConfigProperty(name = "opml.chain.more-rpc-urls") Optional<List<String>> moreUrls,
      @ConfigProperty(name = "opml.chain.timeout") Duration timeout,
      @ConfigProperty(name = "opml.chain.log-range") int logRange,
      @ConfigProperty(name = "opml.chain.unknown-transactions") int unknown,
      @ConfigProperty(name = "opml.chain.deployment") Path deployed) {
    Keys keys = new Keys(name -> config.getOptionalValue(name, String.class), rpcUrl);
    List<String> urls = new ArrayList<>(List.of(rpcUrl));
    urls.addAll(moreUrls.orElse(List.of()));
    chain = Chain.connect(urls, timeout, logRange);
    deployment = Deployed.read(deployed);
    // Only the keys of the roles played: proposer and validator need not know each other's.
    boolean answers = roles.plays(Role.PROPOSER) || roles.plays(Role.INFERENCE);
    proposer = answers ? keys.account("proposer", deployment.chainId()) : null;
    proposing =
        answers ? new Transactions(new Sender(chain, proposer, journal, unknown), clock) : null;
    boolean watches = roles.plays(Role.VALIDATOR);
    validator = watches ? keys.account("validator", deployment.chainId()) : null;
    validating =
        watches ? new Transactions(new Sender(chain, validator, journal, unknown), clock) : null;
  }

  public Chain chain() {
    return chain;
  }

  public Deployed deployment() {
    return deployment;
  }

  /** Signs receipts and claims. */
  public Account proposer() {
    return own(proposer, Role.PROPOSER);
  }

  /** Transactions of the proposer. */
  public Transactions proposing() {
    return own(proposing, Role.PROPOSER);
  }

  /** Opens games. */
  public Account validator() {
    return own(validator, Role.VALIDATOR);
  }

  /** Transactions of the validator. */
  public Transactions validating() {
    return own(validating, Role.VALIDATOR);
  }

  /** Address of the proposer of this process, or null where it plays none. */
  public String proposerAddress() {
    return proposing == null ? null : proposing.account();
  }

  /** Address of the validator of this process, or null where it plays none. */
  public String validatorAddress() {
    return validating == null ? null : validating.account();
  }

  private static <T> T own(T account, Role role) {
    if (account == null) {
      throw new IllegalStateException("this process does not play the role " + role);
    }
    return account;
  }

  void stop(@Observes ShutdownEvent event) {
    chain.close();
  }
}
