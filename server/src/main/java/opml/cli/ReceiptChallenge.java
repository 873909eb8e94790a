package opml.cli;

import java.math.BigInteger;
import java.time.Instant;
import opml.chain.Account;
import opml.chain.Chain;
import opml.chain.Claim;
import opml.chain.DisputeContract;
import opml.chain.GameKey;
import opml.chain.Hex;
import opml.chain.MemoryJournal;
import opml.chain.Model;
import opml.chain.ReceiptsContract;
import opml.chain.Salts;
import opml.chain.Sender;
import opml.chain.Sent;
import opml.chain.Terms;
import opml.game.Fairness;
import opml.launch.Preflight;

/**
 * A bond against a false receipt, staked where it can be won. SAFETY: anybody can deploy the
 * contracts of this build, with a bond and clocks of his choice, and show a false receipt there.
 */
record ReceiptChallenge(
    Chain chain, DisputeContract dispute, ReceiptsContract receipts, ShownReceipt shown) {
  /**
   * Stakes it; the transaction.
   *
   * @param most wei
   * @throws IllegalStateException when the receipt cannot be challenged, or not with so much
   */
  String send(Account validator, boolean signed, Model model, BigInteger most) {
    Terms terms = dispute.terms();
    Claim claim = receipts.claimFor(shown.receipt());
    byte[] salt = new Salts(validator).of(claim.id()); // as the validator that plays: one game
    GameKey game = new GameKey(claim.id(), validator.address(), salt);
    require(terms, claim, most);
    if (!new BigInteger(1, dispute.slot(game.id())).equals(BigInteger.ZERO)) {
      throw refused("it is challenged in the validator's name already, game " + Hex.of(game.id()));
    }
    Sent sent =
        new Sender(chain, validator, new MemoryJournal())
            .send(
                "challenge", shown.challenge(receipts, signed, model, salt, terms.challengeBond()));
    if (!sent.succeeded()) {
      throw refused("the transaction " + sent.transaction() + " was reverted, the bond is back");
    }
    return sent.transaction();
  }

  private void require(Terms terms, Claim claim, BigInteger most) {
    long deadline = shown.receipt().deadline();
    if (Long.compareUnsigned(deadline, chain.blockTime(chain.head())) <= 0) {
      throw refused("it could be challenged until " + Instant.ofEpochSecond(deadline));
    }
    DisputeContract.Status status = dispute.claim(claim.id()).status();
    boolean fresh = status == DisputeContract.Status.NONE;
    if (!fresh && status != DisputeContract.Status.OPEN) {
      throw refused("it was challenged, and the claim is " + status);
    }
    BigInteger escrow = receipts.escrow(shown.receipt().proposer()).amount();
    if (fresh && escrow.compareTo(terms.claimBond()) < 0) {
      throw refused("its escrow of " + Preflight.ether(escrow) + " covers no challenge");
    }
    if (terms.challengeBond().compareTo(most) > 0) {
      throw refused(
          "the bond is "
              + Preflight.ether(terms.challengeBond())
              + ", and --bond-max "
              + Preflight.ether(most));
    }
    int least = Fairness.challengerLeast(shown.receipt().h());
    if (Integer.compareUnsigned(terms.challengerTime(), least) < 0) {
      throw refused(
          "a clock of "
              + terms.challengerTime()
              + " s is too short to play: "
              + least
              + " are needed");
    }
    if (Integer.compareUnsigned(terms.proposerTime(), Fairness.PROPOSER_MOST) > 0) {
      throw refused(
          "the proposer may keep the bond waiting for "
              + Integer.toUnsignedString(terms.proposerTime())
              + " s");
    }
  }

  private static IllegalStateException refused(String why) {
    return new IllegalStateException("the answer is false, but nothing is staked: " + why);
  }
}
