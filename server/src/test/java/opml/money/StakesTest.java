package opml.money;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.math.BigInteger;
import opml.chain.Claim;
import opml.chain.DisputeContract;
import opml.chain.MemoryJournal;
import opml.chain.OracleContract;
import opml.chain.OracleRequest;
import opml.chain.Outbox;
import opml.chain.Receipt;
import opml.chain.ReceiptsContract;
import opml.chain.Salts;
import opml.chain.Sender;
import opml.commitment.Keccak;
import opml.dispute.Answered;
import opml.dispute.ChallengerPlayer;
import opml.dispute.Liar;
import opml.dispute.Lie;
import opml.dispute.Table;
import opml.http.Hex;
import opml.model.Model;
import opml.model.Models;
import opml.outbox.Keys;
import opml.outbox.Parties;
import opml.request.Request;
import opml.world.Eventually;
import opml.world.World;
import org.junit.jupiter.api.Test;

/** What the running server stakes comes back by itself, and it never stakes too much. */
@QuarkusTest
@QuarkusTestResource(World.class)
class StakesTest {
  private static final BigInteger ETHER = BigInteger.TEN.pow(18);

  @Inject Parties parties;
  @Inject Models models;
  @Inject Exposure exposure;

  private Outbox stranger() {
    return new Sender(parties.chain(), Keys.development("liar"), new MemoryJournal());
  }

  private DisputeContract dispute() {
    return new DisputeContract(parties.chain(), parties.deployment().contracts().dispute());
  }

  private OracleContract oracle() {
    return new OracleContract(parties.chain(), parties.deployment().contracts().oracle());
  }

  private ReceiptsContract receipts() {
    return new ReceiptsContract(parties.chain(), parties.deployment().contracts().receipts());
  }

  private void passUntil(String what, java.util.concurrent.Callable<Boolean> condition)
      throws Exception {
    Eventually.holds(
        what,
        () -> {
          World.pass(parties.chain().url(), 2);
          return condition.call();
        });
  }

  @Test
  void aDirectClaimIsReleasedAndItsBondWithdrawn() throws Exception {
    Model model = models.named("opml-tiny");
    byte[] input = Request.ask("What is 3 plus 1?", 4).encode();
    Answered truth = Answered.by(model.program(), input);
    String own = parties.proposing().account();
    Claim claim =
        new Claim(
            model.id(),
            Keccak.hash(input),
            Keccak.hash(truth.output()),
            truth.h(),
            own,
            own,
            new byte[32]);
    parties.proposing().send("direct", dispute().create(claim, dispute().terms().claimBond()));
    passUntil(
        "released", () -> dispute().claim(claim.id()).status() == DisputeContract.Status.SURVIVED);
    Eventually.holds("withdrawn", () -> dispute().owed(own).signum() == 0);
  }

  @Test
  void theFeeOfAnAnswerIsWithdrawn() throws Exception {
    Model model = models.named("opml-tiny");
    byte[] input = Request.ask("What is 1 plus 2?", 4).encode();
    long now = parties.chain().blockTime(parties.chain().head());
    String own = parties.proposing().account();
    OracleRequest request =
        new OracleRequest(
            model.id(),
            Keccak.hash(input),
            4,
            stranger().account(),
            own,
            now + 600,
            now + 3600,
            ETHER.shiftRight(4),
            OracleRequest.NOBODY,
            0,
            false,
            Keccak.hash(input));
    stranger().send("ask", oracle().request(request, model.onChain(), input));
    passUntil("final", () -> oracle().answer(request.id()).phase() == OracleContract.Phase.FINAL);
    Eventually.holds("withdrawn", () -> oracle().owed(own).signum() == 0);
    assertTrue(
        oracle().events(0, parties.chain().head(), null).stream()
            .anyMatch(
                event ->
                    "Withdrawn".equals(event.name())
                        && event.address("account").equalsIgnoreCase(own)
                        && event.amount("amount").compareTo(request.fee()) >= 0));
  }

  @Test
  void theBondOfATrueReceiptReturnsToItsEscrow() throws Exception {
    String own = parties.proposing().account();
    Eventually.holds("escrow", () -> receipts().escrow(own).amount().signum() > 0);
    final BigInteger before = receipts().escrow(own).amount();
    String body = "{\"model\":\"opml-tiny\",\"maxTokens\":3,\"prompt\":\"Twice\",\"seed\":\"9\"}";
    String id = given().contentType("application/json").body(body).post("/api/prompts").path("id");
    Eventually.holds("answered", () -> receiptOf(id) != null);
    JsonPath r = given().get("/api/receipts/" + receiptOf(id)).jsonPath();
    byte[] input = Hex.bytes(r.getString("input"));
    byte[] output = Hex.bytes(r.getString("output"));
    Receipt receipt =
        new Receipt(
            Hex.bytes(r.getString("modelId")),
            Keccak.hash(input),
            Keccak.hash(output),
            r.getInt("h"),
            Long.parseLong(r.getString("deadline")),
            own);
    Model model = models.named("opml-tiny");
    Outbox doubter = stranger();
    doubter.send(
        "doubt",
        receipts()
            .challenge(
                receipt,
                parties
                    .proposer()
                    .sign(receipt.digest(parties.chain().chainId(), receipts().address())),
                model.onChain(),
                input,
                output,
                new byte[32],
                dispute().terms().challengeBond()));
    assertEquals(before.subtract(dispute().terms().claimBond()), receipts().escrow(own).amount());
    Answered truth = Answered.by(model.program(), input);
    Liar lie = Liar.plant(model.program(), input, truth, Lie.ACTIVATION, 3);
    Table table = new Table(parties.chain(), dispute(), parties.deployment().firstBlock());
    ChallengerPlayer player = new ChallengerPlayer(table, doubter, lie.trace(), played -> {});
    byte[] claimId = receipts().claimFor(receipt).id();
    Eventually.holds(
        "repelled",
        () -> {
          player.play(claimId);
          return dispute().claim(claimId).openGames() == 0;
        });
    long left = receipt.deadline() - parties.chain().blockTime(parties.chain().head());
    World.pass(parties.chain().url(), Math.max(1, left));
    Eventually.holds("reclaimed", () -> receipts().isReclaimed(receipt.id()));
    assertEquals(before, receipts().escrow(own).amount(), "back");
    Eventually.holds(
        "upheld",
        () ->
            "UPHELD"
                .equals(given().get("/api/receipts/" + receiptOf(id)).jsonPath().get("status")));
  }

  private static String receiptOf(String prompt) {
    return given().get("/api/prompts/" + prompt).path("receiptId");
  }

  @Test
  void atMostAShareIsStaked() {
    String own = parties.validating().account();
    byte[] id = Keccak.hash(new byte[] {1});
    byte[] other = Keccak.hash(new byte[] {2});
    BigInteger all = parties.chain().balance(own);
    BigInteger third = all.divide(BigInteger.valueOf(3));
    try {
      assertFalse(exposure.stake(own, id, all), "everything");
      assertTrue(exposure.stake(own, id, third), "a third fits in a half");
      assertTrue(exposure.stake(own, id, third), "the same again is the same");
      assertFalse(
          exposure.stake(own, other, third), "two thirds do not, before any block has them");
      exposure.release(id);
      assertTrue(exposure.stake(own, other, third), "free again");
    } finally {
      exposure.release(id);
      exposure.release(other);
    }
  }

  @Test
  void gamesThatAStrangerOpensInTheValidatorsNameBindNothingOfIts() throws Exception {
    Model model = models.named("opml-tiny");
    byte[] input = Request.ask("What is 4 plus 4?", 4).encode();
    Answered truth = Answered.by(model.program(), input);
    Outbox stranger = stranger();
    byte[] hash = Keccak.hash(truth.output());
    String liar = stranger.account();
    Claim claim =
        new Claim(model.id(), Keccak.hash(input), hash, truth.h(), liar, liar, new byte[32]);
    String own = parties.validating().account();
    final BigInteger before = mostThatMayBeStaked(own);
    stranger.send("true", dispute().create(claim, dispute().terms().claimBond()));
    for (byte salt = 1; salt <= 8; salt++) {
      stranger.send(
          "in its name " + salt,
          dispute()
              .open(
                  claim,
                  model.onChain(),
                  input,
                  truth.output(),
                  Keccak.hash(new byte[] {salt}),
                  own,
                  dispute().terms().challengeBond()));
    }
    Eventually.holds(
        "seen and replayed",
        () -> {
          JsonPath seen = given().get("/api/claims/" + Hex.of(claim.id())).jsonPath();
          return "AGREED".equals(seen.get("verdict")) && seen.getList("games").size() == 8;
        });
    BigInteger less = before.subtract(mostThatMayBeStaked(own));
    assertTrue(less.compareTo(dispute().terms().challengeBond()) < 0, less + " wei less");
  }

  /**
   * By the same key, as {@code receipt challenge} does: no table of the server has its transaction.
   */
  @Test
  void theBondOfAGameThatTheSameKeyOpensOnTheCommandLineIsBound() throws Exception {
    Model model = models.named("opml-tiny");
    byte[] input = Request.ask("What is 4 plus 5?", 4).encode();
    byte[] output = Answered.by(model.program(), input).output(); // true: no other game is opened
    Outbox stranger = stranger();
    String liar = stranger.account();
    Claim claim =
        new Claim(
            model.id(),
            Keccak.hash(input),
            Keccak.hash(output),
            4,
            liar,
            liar,
            Keccak.hash(new byte[] {9}));
    String own = parties.validating().account();
    BigInteger bond = dispute().terms().challengeBond();
    final BigInteger before = mostThatMayBeStaked(own);
    stranger.send("true", dispute().create(claim, dispute().terms().claimBond()));
    new Sender(parties.chain(), parties.validator(), new MemoryJournal())
        .send(
            "by hand",
            dispute()
                .open(
                    claim,
                    model.onChain(),
                    input,
                    output,
                    new Salts(parties.validator()).of(claim.id()),
                    own,
                    bond));
    Eventually.holds(
        "seen",
        () -> {
          JsonPath seen = given().get("/api/claims/" + Hex.of(claim.id())).jsonPath();
          return "AGREED".equals(seen.get("verdict")) && seen.getList("games").size() == 1;
        });
    BigInteger less = before.subtract(mostThatMayBeStaked(own));
    assertTrue(less.compareTo(bond) >= 0, less + " wei less");
  }

  /** By halving. */
  private BigInteger mostThatMayBeStaked(String account) {
    byte[] id = Keccak.hash(new byte[] {4});
    BigInteger fits = BigInteger.ZERO;
    for (BigInteger step = ETHER.shiftLeft(14); step.signum() > 0; step = step.shiftRight(1)) {
      if (exposure.stake(account, id, fits.add(step))) {
        fits = fits.add(step);
      }
      exposure.release(id);
    }
    return fits;
  }

  /** Opening a game about the longest bytes costs more than all else of it. */
  @Test
  void whoCannotPayTheOpeningStakesNothing() throws Exception {
    String account = opml.chain.Account.ofSeed(new byte[] {8}).address();
    BigInteger price = parties.chain().fee().most();
    World.fund(parties.chain().url(), account, price.multiply(BigInteger.valueOf(3_000_000)));
    byte[] id = Keccak.hash(new byte[] {5});
    try {
      Eventually.holds("short", () -> exposure.stake(account, id, BigInteger.ZERO, 1000));
      assertFalse(exposure.stake(account, id, BigInteger.ZERO, 96 << 10), "four million more");
      World.fund(parties.chain().url(), account, price.multiply(BigInteger.valueOf(7_000_000)));
      Eventually.holds(
          "no claim is longer", () -> exposure.stake(account, id, BigInteger.ZERO, 1 << 30));
    } finally {
      exposure.release(id);
    }
  }

  @Test
  void whoCannotPayADefenceStakesNothing() {
    String poor = opml.chain.Account.ofSeed(new byte[] {7}).address();
    assertFalse(exposure.stake(poor, Keccak.hash(new byte[] {3}), BigInteger.ZERO));
  }
}
