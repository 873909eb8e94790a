package opml.chain;

import java.math.BigInteger;
import java.util.List;

/** Puts the contracts on a chain; the same account and key never deploy twice. */
public final class Deployment {
  // a transaction that creates, and room for constructors
  private static final long CREATION = 53_000 + 60_000;
  // call data 16, code 200, its words 2
  private static final long PER_BYTE = 218;

  private Deployment() {}

  /** Deploys all contracts: verifier, registry, dispute, oracle, receipts. */
  public static Contracts deploy(Outbox outbox, Terms terms) {
    String verifier = deploy(outbox, "StepVerifier");
    String registry = deploy(outbox, "Registry");
    String dispute =
        deploy(
            outbox,
            "Dispute",
            verifier,
            terms.challengeBond(),
            terms.window(),
            terms.proposerTime(),
            terms.challengerTime());
    String oracle = deploy(outbox, "Oracle", dispute, Terms.COMMIT_DELAY);
    String receipts = deploy(outbox, "Receipts", dispute, terms.exitDelay());
    return new Contracts(verifier, registry, dispute, oracle, receipts);
  }

  /**
   * More gas than {@link #deploy} takes: call data, creation, code and constructors of all
   * contracts.
   */
  public static BigInteger mostGas() {
    long gas = 0;
    for (String name : List.of("StepVerifier", "Registry", "Dispute", "Oracle", "Receipts")) {
      gas += CREATION + PER_BYTE * Contracts.artifact(name).code().length;
    }
    return BigInteger.valueOf(gas);
  }

  /** Deploys one contract and returns its address. */
  public static String deploy(Outbox outbox, String name, Object... arguments) {
    Artifact artifact = Contracts.artifact(name);
    byte[] code = artifact.abi().construct(artifact.code(), arguments);
    String key = "deploy " + name + " " + Hex.of(opml.commitment.Keccak.hash(code));
    Sent sent = outbox.send(key, new Call(null, code));
    if (!sent.succeeded()) {
      throw new IllegalStateException("deployment of " + name + " ran out of gas");
    }
    return sent.created().toLowerCase(java.util.Locale.ROOT);
  }
}
