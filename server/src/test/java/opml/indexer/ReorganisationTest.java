package opml.indexer;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.math.BigInteger;
import opml.chain.Block;
import opml.chain.Chain;
import opml.chain.Claim;
import opml.chain.DisputeContract;
import opml.chain.GameKey;
import opml.chain.MemoryJournal;
import opml.chain.OracleContract;
import opml.chain.OracleRequest;
import opml.chain.Outbox;
import opml.chain.ReceiptsContract;
import opml.chain.Sender;
import opml.commitment.Keccak;
import opml.http.Hex;
import opml.model.Model;
import opml.model.Models;
import opml.outbox.Keys;
import opml.outbox.Parties;
import opml.request.Request;
import opml.world.Eventually;
import opml.world.World;
import org.junit.jupiter.api.Test;

/** The node drops blocks that were read: what they said goes, and comes back when they do. */
@QuarkusTest
@QuarkusTestResource(World.class)
class ReorganisationTest {
  @Inject Parties parties;
  @Inject Models models;

  @Test
  void aDroppedClaimAndItsGameVanishAndAreFoughtAgainWhenTheClaimReturns() throws Exception {
    Chain chain = parties.chain();
    long before = chain.head();
    OracleRequest request = request();
    byte[] claim = lie(request);
    String game = game(claim);
    World.reorganise(chain.url(), chain.head() - before);
    Eventually.holds("the claim is gone", () -> status("/api/claims/" + Hex.of(claim)) == 404);
    assertEquals(404, status("/api/games/" + game));
    assertEquals(0, count("oracle_request where id", request.id()));
    followsTheChain();

    assertEquals(Hex.of(claim), Hex.of(lie(request)), "the same claim in another block");
    assertEquals(game, game(claim), "the validator challenges it again");
    DisputeContract dispute =
        new DisputeContract(chain, parties.deployment().contracts().dispute());
    Eventually.holds("open on chain too", () -> dispute.claim(claim).openGames() == 1);
  }

  @Test
  void aDroppedAnchorIsSentAgain() throws Exception {
    String address = "/api/receipts/" + receiptFor("dropped");
    Eventually.holds("anchored", () -> "ANCHORED".equals(given().get(address).path("status")));
    Chain chain = parties.chain();
    long block = Long.parseLong(given().get(address).path("anchor.block"));
    String hash = chain.blockHash(block);
    World.reorganise(chain.url(), chain.head() - block + 1);
    assertNotEquals(hash, chain.blockHash(block));
    Eventually.holds(
        "anchored in a block of the new chain",
        () -> {
          String transaction = given().get(address).path("anchor.transaction");
          return transaction != null
              && chain.receipt(transaction).map(sent -> sent.succeeded()).orElse(false);
        });
    Eventually.holds("shown so", () -> "ANCHORED".equals(given().get(address).path("status")));
    followsTheChain();
  }

  /** Nobody but us has a reason to make it again. */
  @Test
  void aStrangersSettlementThatIsDroppedIsMadeAgain() throws Exception {
    Chain chain = parties.chain();
    String validator = parties.validating().account();
    Outbox stranger = liar();
    DisputeContract dispute =
        new DisputeContract(chain, parties.deployment().contracts().dispute());
    Model model = models.named("opml-tiny");
    byte[] input = Request.ask("Is it settled?", 4).encode();
    byte[] output = new byte[15]; // that no state can hold: lost when it is opened
    byte[] salt = new byte[32];
    String who = stranger.account();
    Claim claim = new Claim(model.id(), Keccak.hash(input), Keccak.hash(output), 1, who, who, salt);
    GameKey game = new GameKey(claim.id(), validator, salt);
    BigInteger bond = dispute.terms().challengeBond();
    stranger.send("false", dispute.create(claim, dispute.terms().claimBond()));
    stranger.send(
        "open", dispute.open(claim, model.onChain(), input, output, salt, validator, bond));
    final long block = stranger.send("settle", dispute.settle(game, null)).block();
    Eventually.holds("noted", () -> count("game where settled and id", game.id()) == 1);
    World.reorganise(chain.url(), chain.head() - block + 1);
    assertFalse(dispute.isSettled(game.id()), "dropped");
    Eventually.holds("settled again", () -> dispute.isSettled(game.id()));
    Eventually.holds("noted again", () -> count("game where settled and id", game.id()) == 1);
    followsTheChain();
    change("update game set settled = false where id = ?1", game.id()); // as older readers left it
    Eventually.holds("asked for", () -> count("game where settled and id", game.id()) == 1);
  }

  /** By a transaction that stands in no table: of a second process, or before a backup. */
  @Test
  void anAnchorThatWasTakenOverAndIsDroppedIsSentAgain() throws Exception {
    Chain chain = parties.chain();
    ReceiptsContract receipts =
        new ReceiptsContract(chain, parties.deployment().contracts().receipts());
    byte[] root = Keccak.hash(new byte[] {1});
    String own = parties.proposing().account();
    final long block = parties.proposing().send("elsewhere", receipts.anchor(root, 1)).block();
    change("delete from signed_transaction where key = ?1", "elsewhere");
    change("delete from outbox where key = ?1", "elsewhere");
    change("insert into anchor (root, leaves) values (?1, 1)", root);
    Eventually.holds("bound", () -> count("anchor where block is not null and root", root) == 1);
    World.reorganise(chain.url(), chain.head() - block + 1);
    assertEquals(0, receipts.anchoredAt(own, root), "dropped");
    Eventually.holds("anchored again", () -> receipts.anchoredAt(own, root) != 0);
    Eventually.holds(
        "bound again", () -> count("anchor where block is not null and root", root) == 1);
    followsTheChain();
  }

  /** Its transaction may have been anybody's, and the chain may have dropped it. */
  @Test
  void whetherABondIsBackInTheEscrowIsAskedAgain() throws Exception {
    byte[] id = Hex.bytes(receiptFor("reclaimed"));
    change("update receipt set claim_id = id, bond_decided = true where id = ?1", id);
    assertEquals(1, count("receipt where bond_decided and id", id));
    Chain chain = parties.chain();
    Eventually.holds("read", () -> count("chain_block where number", chain.head()) == 1);
    World.reorganise(chain.url(), 1);
    Eventually.holds("undecided", () -> count("receipt where not bond_decided and id", id) == 1);
    followsTheChain();
  }

  private static void change(String statement, Object value) {
    QuarkusTransaction.requiringNew()
        .run(
            () ->
                Seen.getEntityManager()
                    .createNativeQuery(statement)
                    .setParameter(1, value)
                    .executeUpdate());
  }

  private void followsTheChain() throws Exception {
    Chain chain = parties.chain();
    Eventually.holds(
        "every remembered block is one of the chain",
        () ->
            QuarkusTransaction.requiringNew().call(() -> Seen.<Seen>listAll()).stream()
                .allMatch(
                    seen ->
                        chain
                            .block(seen.number)
                            .map(Block::hash)
                            .filter(seen.hash::equals)
                            .isPresent()));
    given().get("/q/health/ready").then().statusCode(200).body("status", equalTo("UP"));
  }

  private String game(byte[] claim) throws Exception {
    String address = "/api/claims/" + Hex.of(claim);
    Eventually.holds(
        "a game about it",
        () ->
            status(address) == 200 && !given().get(address).jsonPath().getList("games").isEmpty());
    Eventually.holds("judged", () -> given().get(address).path("verdict") != null);
    return given().get(address).path("games[0]");
  }

  private OracleRequest request() {
    Model model = models.named("opml-tiny");
    byte[] input = Request.ask("What is 1 plus 3?", 3).encode();
    long now = parties.chain().blockTime(parties.chain().head());
    return new OracleRequest(
        model.id(),
        Keccak.hash(input),
        4,
        liar().account(),
        liar().account(),
        now + 600,
        now + 3600,
        BigInteger.TEN,
        OracleRequest.NOBODY,
        0,
        false,
        Keccak.hash(new byte[] {41}));
  }

  /** Asks and answers falsely; returns the claim's id. */
  private byte[] lie(OracleRequest request) {
    OracleContract oracle =
        new OracleContract(parties.chain(), parties.deployment().contracts().oracle());
    DisputeContract dispute =
        new DisputeContract(parties.chain(), parties.deployment().contracts().dispute());
    byte[] input = Request.ask("What is 1 plus 3?", 3).encode();
    byte[] output = models.named("opml-tiny").answer(input, text -> {}, () -> false).output();
    output[output.length - 1] ^= 1;
    Outbox liar = liar();
    liar.send("request", oracle.request(request, models.named("opml-tiny").onChain(), input));
    liar.send("lie", oracle.claim(request, output, new byte[32], dispute.terms().claimBond()));
    return oracle.claimFor(request, liar.account(), Keccak.hash(output)).id();
  }

  private Outbox liar() {
    return new Sender(parties.chain(), Keys.development("liar"), new MemoryJournal());
  }

  private static int status(String address) {
    return given().get(address).statusCode();
  }

  /** The id of the receipt of an answer. */
  private String receiptFor(String text) throws Exception {
    String body = "{\"model\":\"opml-tiny\",\"maxTokens\":2,\"prompt\":\"" + text + "\"}";
    String prompt =
        given().contentType("application/json").body(body).post("/api/prompts").path("id");
    Eventually.holds("answered", () -> receipt(prompt) != null);
    return receipt(prompt);
  }

  private static String receipt(String prompt) {
    return given().get("/api/prompts/" + prompt).path("receiptId");
  }

  private static long count(String where, Object id) {
    return QuarkusTransaction.requiringNew()
        .call(
            () ->
                (Long)
                    Seen.getEntityManager()
                        .createNativeQuery("select count(*) from " + where + " = ?1", Long.class)
                        .setParameter(1, id)
                        .getSingleResult());
  }
}
