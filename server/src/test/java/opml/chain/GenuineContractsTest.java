package opml.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

/** Whoever is told an address looks at the code there: events of another contract prove nothing. */
class GenuineContractsTest {
  @Test
  void onlyTheCompiledDisputeWithItsVerifierIsGenuine() {
    try (Anvil anvil = Anvil.start(null, 0)) {
      Chain chain = anvil.chain();
      Account account = Account.ofSeed(new byte[] {1});
      anvil.fund(account.address(), BigInteger.TEN.pow(20));
      Sender sender = new Sender(chain, account, new MemoryJournal());
      Contracts contracts = Deployment.deploy(sender, Terms.LOCAL);
      DisputeContract dispute = new DisputeContract(chain, contracts.dispute());
      dispute.requireGenuine();
      assertEquals(contracts.verifier(), dispute.verifier());
      refused(chain, contracts.oracle(), "Dispute");
      refused(chain, account.address(), "Dispute");
      refused(chain, deployed(sender, contracts.registry()), "StepVerifier");
      new DisputeContract(chain, deployed(sender, contracts.verifier())).requireGenuine();
    }
  }

  private static String deployed(Sender sender, String verifier) {
    return Deployment.deploy(sender, "Dispute", verifier, BigInteger.valueOf(640), 7L, 8, 9);
  }

  private static void refused(Chain chain, String at, String name) {
    DisputeContract contract = new DisputeContract(chain, at);
    String why = assertThrows(IllegalStateException.class, contract::requireGenuine).getMessage();
    assertTrue(why.contains("is not the " + name + " contract of this build"), why);
  }
}
