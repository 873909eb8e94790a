package opml.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import opml.commitment.Keccak;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Whoever is told an address looks at the code there: events of another contract prove nothing. */
class GenuineContractsTest {
  private Anvil anvil;
  private Chain chain;
  private Sender sender;
  private Contracts contracts;

  @BeforeEach
  void deploy() {
    anvil = Anvil.start(null, 0);
    chain = anvil.chain();
    Account account = Account.ofSeed(new byte[] {1});
    anvil.fund(account.address(), BigInteger.TEN.pow(20));
    sender = new Sender(chain, account, new MemoryJournal());
    contracts = Deployment.deploy(sender, Terms.LOCAL);
  }

  @AfterEach
  void stop() {
    anvil.close();
  }

  @Test
  void onlyTheCompiledDisputeWithItsVerifierIsGenuine() {
    DisputeContract dispute = new DisputeContract(chain, contracts.dispute());
    dispute.requireGenuine();
    new ReceiptsContract(chain, contracts.receipts()).requireGenuine(dispute);
    assertEquals(contracts.verifier(), dispute.verifier());
    refused(contracts.oracle(), "Dispute");
    refused(sender.account(), "Dispute");
    refused(deployed(contracts.registry()), "StepVerifier");
    new DisputeContract(chain, deployed(contracts.verifier())).requireGenuine();
  }

  /** Put on chain without the constructor, it could tell of one verifier and ask another. */
  @Test
  void whatTellsAParameterInTwoWaysIsNotGenuine() {
    for (String name : List.of("Dispute", "Receipts")) {
      byte[] code = chain.code(name.equals("Dispute") ? contracts.dispute() : contracts.receipts());
      for (Artifact.Immutable at : Contracts.artifact(name).immutables()) {
        byte[] other = code.clone();
        other[at.start() + at.length() - 1] ^= 1;
        refused(placed(other), name);
      }
    }
  }

  @Test
  void parametersThatNoConstructorGivesAreNotGenuine() {
    refused(placed("Dispute", "CHALLENGE_BOND", BigInteger.ZERO), "Dispute");
    refused(placed("Dispute", "CHALLENGE_BOND", BigInteger.valueOf(640)), "Dispute");
    refused(placed("Dispute", "CLAIM_BOND", BigInteger.ONE), "Dispute");
    BigInteger verifier = new BigInteger(1, Hex.bytes(contracts.verifier()));
    refused(placed("Dispute", "VERIFIER", verifier.setBit(160)), "Dispute");
    for (String time : List.of("WINDOW", "PROPOSER_TIME", "CHALLENGER_TIME")) {
      refused(placed("Dispute", time, BigInteger.ZERO), "Dispute");
      refused(placed("Dispute", time, BigInteger.ONE.shiftLeft(64)), "Dispute");
    }
    refused(placed("Receipts", "CLAIM_BOND", BigInteger.ONE), "Receipts");
    refused(placed("Receipts", "EXIT_DELAY", BigInteger.ZERO), "Receipts");
    refused(placed("Receipts", "DISPUTE", BigInteger.ONE), "Receipts");
  }

  private String deployed(String verifier) {
    return Deployment.deploy(sender, "Dispute", verifier, BigInteger.valueOf(640), 7L, 8, 9);
  }

  /** The contract's code with another value of a parameter in all of its places. */
  private String placed(String name, String parameter, BigInteger value) {
    byte[] code = chain.code(name.equals("Dispute") ? contracts.dispute() : contracts.receipts());
    for (Artifact.Immutable at : Contracts.artifact(name).immutables()) {
      if (at.name().equals(parameter)) {
        byte[] word = Hex.bytes("%064x".formatted(value));
        System.arraycopy(word, 0, code, at.start(), at.length());
      }
    }
    return placed(code);
  }

  /** Puts code on chain as it is. */
  private String placed(byte[] code) {
    byte[] copies = Hex.bytes("61%04x80600a5f395ff3".formatted(code.length));
    byte[] creation = Arrays.copyOf(copies, copies.length + code.length);
    System.arraycopy(code, 0, creation, copies.length, code.length);
    Sent sent = sender.send("code " + Hex.of(Keccak.hash(code)), new Call(null, creation));
    return sent.created();
  }

  private void refused(String at, String name) {
    DisputeContract genuine = new DisputeContract(chain, contracts.dispute());
    Executable check =
        name.equals("Receipts")
            ? () -> new ReceiptsContract(chain, at).requireGenuine(genuine)
            : () -> new DisputeContract(chain, at).requireGenuine();
    String why = assertThrows(IllegalStateException.class, check, at).getMessage();
    assertTrue(why.contains("is not the " + name + " contract of this build"), why);
  }
}
