package opml.games;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import opml.chain.Account;
import opml.chain.ChainEvent;
import opml.chain.Claim;
import opml.chain.DisputeContract;
import opml.chain.MemoryJournal;
import opml.chain.OracleContract;
import opml.chain.OracleRequest;
import opml.chain.Outbox;
import opml.chain.Sender;
import opml.commitment.Keccak;
import opml.dispute.Answered;
import opml.dispute.ChallengerPlayer;
import opml.dispute.Liar;
import opml.dispute.Lie;
import opml.dispute.ProposerPlayer;
import opml.dispute.Table;
import opml.http.Client;
import opml.http.Hex;
import opml.http.Operator;
import opml.model.Model;
import opml.model.Models;
import opml.outbox.Keys;
import opml.outbox.Parties;
import opml.request.Request;
import opml.world.Eventually;
import opml.world.World;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Requests on chain are answered and liars are caught, by the running server alone. */
@QuarkusTest
@QuarkusTestResource(World.class)
class OracleAndGamesTest {
  private static final byte[] NO_NONCE = new byte[32];

  @Inject Parties parties;
  @Inject Models models;
  @Inject MeterRegistry meters;

  @ConfigProperty(name = "opml.home")
  Path home;

  private Outbox liar() {
    Account account = Keys.development("liar");
    return new Sender(parties.chain(), account, new MemoryJournal());
  }

  private OracleRequest ask(Model model, byte[] input, String proposer, int salt) {
    long now = parties.chain().blockTime(parties.chain().head());
    byte[] bytes = new byte[32];
    bytes[31] = (byte) salt;
    OracleRequest request =
        new OracleRequest(
            model.id(),
            Keccak.hash(input),
            4,
            liar().account(),
            proposer,
            now + 600,
            now + 3600,
            BigInteger.TEN.pow(15),
            OracleRequest.NOBODY,
            0,
            false,
            bytes);
    liar().send("request " + salt, oracle().request(request, model.onChain(), input));
    return request;
  }

  private OracleContract oracle() {
    return new OracleContract(parties.chain(), parties.deployment().contracts().oracle());
  }

  private DisputeContract dispute() {
    return new DisputeContract(parties.chain(), parties.deployment().contracts().dispute());
  }

  @Test
  void aRequestOnChainIsAnsweredAndFinalized() throws Exception {
    Model model = models.named("opml-tiny");
    byte[] input = Request.ask("What is 1 plus 1?", 6).encode();
    OracleRequest request = ask(model, input, parties.proposing().account(), 1);
    Model.Outcome own = model.answer(input, text -> {}, () -> false);
    Eventually.holds(
        "final",
        () -> {
          World.pass(parties.chain().url(), 3);
          return oracle().answer(request.id()).phase() == OracleContract.Phase.FINAL;
        });
    assertArrayEquals(Keccak.hash(own.output()), oracle().answer(request.id()).outputHash());
    given().get("/api/claims").then().body("items.salt", hasItem(Hex.of(request.id())));
    Eventually.holds(
        "the validator replayed the claim and agrees",
        () -> given().get("/api/claims").jsonPath().getList("items.verdict").contains("AGREED"));
  }

  @Test
  void theValidatorCatchesALyingProposer() throws Exception {
    Model model = models.named("opml-tiny");
    byte[] input = Request.ask("What is 2 plus 2?", 4).encode();
    Outbox liar = liar();
    OracleRequest request = ask(model, input, liar.account(), 2);
    Answered truth = Answered.by(model.program(), input);
    Liar lie = Liar.plant(model.program(), input, truth, Lie.OUTPUT, 1);
    Claim claim = oracle().claimFor(request, liar.account(), Keccak.hash(lie.answer().output()));
    liar.send(
        "lie",
        oracle().claim(request, lie.answer().output(), NO_NONCE, dispute().terms().claimBond()));
    Table table = new Table(parties.chain(), dispute(), parties.deployment().firstBlock());
    ProposerPlayer player = new ProposerPlayer(table, liar, lie.trace(), played -> {});
    Eventually.holds(
        "defeated",
        () -> {
          player.play(claim.id());
          return dispute().claim(claim.id()).status() == DisputeContract.Status.DEFEATED;
        });
    // A stranger settles before the server can: that is no error, and settled all the same.
    byte[] won =
        dispute().events(0, parties.chain().head(), claim.id()).stream()
            .filter(event -> "GameEnded".equals(event.name()))
            .findFirst()
            .orElseThrow()
            .bytes("gameId");
    GameRecord row = QuarkusTransaction.requiringNew().call(() -> GameRecord.findById(won));
    if (!dispute().isSettled(won)) {
      liar.send("settle for the winner", dispute().settle(row.key(), null));
    }
    Eventually.holds(
        "settled",
        () ->
            QuarkusTransaction.requiringNew()
                .call(() -> GameRecord.<GameRecord>findById(won).settled));
    Eventually.holds("indexed", () -> "DEFEATED".equals(claimJson(claim.id()).getString("status")));
    JsonPath shown = claimJson(claim.id());
    assertEquals("DIFFERS", shown.getString("verdict"));
    List<String> games = shown.getList("games");
    given()
        .get("/api/games/" + games.getFirst())
        .then()
        .statusCode(200)
        .body("winner", equalTo("challenger"))
        .body("moves.size()", greaterThan(10))
        .body("moves.find { it.kind == 'pick' }.reason", notNullValue())
        .body("moves.find { it.kind == 'reveal' }.states.size()", equalTo(63))
        .body("disputedStep.pre", matchesPattern("0x[0-9a-f]{64}"))
        .body("disputedStep.witness", notNullValue());
    JsonPath game = given().get("/api/games/" + games.getFirst()).jsonPath();
    int picked = game.getInt("moves.find { it.kind == 'pick' }.segment");
    List<String> own = game.getList("moves.find { it.kind == 'pick' }.ownStates");
    assertEquals(Math.min(picked + 1, 63), own.size(), "known to the first that differs");
    String index = game.getString("disputedStep.index");
    given()
        .get("/api/games/" + games.getFirst() + "/steps/" + index)
        .then()
        .statusCode(200)
        .body("index", equalTo(index));
    given()
        .get("/api/games/" + games.getFirst() + "/steps/0")
        .then()
        .statusCode(200)
        .body("boundary", equalTo(true));
    given().get("/api/games/" + games.getFirst() + "/steps/x").then().statusCode(400);
    assertReplayedForAll("/api/games/" + games.getFirst());
  }

  /** Who asks for many steps of a game keeps nobody else from his turn. */
  private static void assertReplayedForAll(String game) throws Exception {
    try (var clients = Executors.newFixedThreadPool(3)) {
      List<Future<Integer>> asked = new ArrayList<>();
      for (int step = 1; step <= 60; step++) {
        String path = game + "/steps/" + 1000 * step;
        asked.add(clients.submit(() -> given().get(path).statusCode()));
      }
      for (Future<Integer> status : asked) {
        assertEquals(200, status.get());
      }
    }
    List<Runnable> taken = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      taken.add(Steps.PLACES.enter(Client.of("127.0.0.1")));
    }
    given()
        .get(game + "/steps/3")
        .then()
        .statusCode(429)
        .header("Retry-After", equalTo("2"))
        .body("type", endsWith("replay-busy"));
    given().get(game).then().statusCode(200);
    taken.removeFirst().run();
    given().get(game + "/steps/3").then().statusCode(200);
    for (int i = 0; i < 2; i++) {
      taken.add(Steps.PLACES.enter(Client.of("192.0.2.1")));
    }
    given().get(game + "/operators/0").then().statusCode(503).body("type", endsWith("replay-busy"));
    taken.forEach(Runnable::run);
  }

  @Test
  void aFloodOfTrueClaimsOfOneAnswerIsReplayedOnceAndALieAmongThemIsChallenged() throws Exception {
    Model model = models.named("opml-tiny");
    byte[] input = Request.ask("What is 3 plus 5?", 4).encode();
    byte[] truth = Answered.by(model.program(), input).output();
    Eventually.holds("nothing else to replay", () -> unjudged() == 0);
    final double before = replays();
    List<Claim> made = new ArrayList<>();
    for (int salt = 40; salt < 46; salt++) {
      made.add(claimed(model, input, truth, salt));
    }
    Eventually.holds(
        "agreed",
        () -> made.stream().allMatch(c -> "AGREED".equals(claimJson(c.id()).get("verdict"))));
    assertEquals(1, replays() - before);
    byte[] lie = truth.clone();
    lie[lie.length - 1] ^= 1;
    Claim last = claimed(model, input, lie, 46);
    Eventually.holds("found out", () -> "DIFFERS".equals(claimJson(last.id()).get("verdict")));
    Eventually.holds("challenged", () -> claimJson(last.id()).getList("games").size() == 1);
    assertEquals(1, replays() - before, "known before");
  }

  private Claim claimed(Model model, byte[] input, byte[] output, int salt) {
    OracleRequest request = ask(model, input, liar().account(), salt);
    liar()
        .send(
            "claim " + salt,
            oracle().claim(request, output, NO_NONCE, dispute().terms().claimBond()));
    return oracle().claimFor(request, liar().account(), Keccak.hash(output));
  }

  private double replays() {
    return meters.counter("opml.validator.replays").count();
  }

  private static int unjudged() {
    return given()
        .get("/api/claims")
        .jsonPath()
        .getList("items.findAll { it.status == 'OPEN' && it.output != null && it.verdict == null }")
        .size();
  }

  @Test
  void whatAStrangerClaimsInOurNameWeDoNotDefend() throws Exception {
    Model model = models.named("opml-tiny");
    byte[] input = Request.ask("What is 3 plus 2?", 4).encode();
    Answered truth = Answered.by(model.program(), input);
    Liar lie = Liar.plant(model.program(), input, truth, Lie.ACTIVATION, 2);
    Outbox stranger = liar();
    Claim theirs = claimAndDoubt(stranger, stranger, model, input, truth);
    Claim ours = claimAndDoubt(parties.proposing(), stranger, model, input, truth);
    Table table = new Table(parties.chain(), dispute(), parties.deployment().firstBlock());
    ChallengerPlayer player = new ChallengerPlayer(table, stranger, lie.trace(), played -> {});
    Eventually.holds(
        "our own claim is defended",
        () -> {
          player.play(ours.id());
          return dispute().claim(ours.id()).openGames() == 0;
        });
    // Its game was opened first, so its clock ends first: it would have been played before.
    assertFalse(names(theirs).contains("Revealed"), "a stranger's claim was defended");
    assertTrue(names(ours).contains("Revealed"));
  }

  /** A true claim in the server's name by {@code source}, which {@code stranger} challenges. */
  private Claim claimAndDoubt(
      Outbox source, Outbox stranger, Model model, byte[] input, Answered truth) {
    byte[] out = Keccak.hash(truth.output());
    String proposer = parties.proposing().account();
    byte[] salt = Keccak.hash(source.account().getBytes(StandardCharsets.US_ASCII));
    Claim claim =
        new Claim(model.id(), Keccak.hash(input), out, truth.h(), proposer, source.account(), salt);
    source.send("claim " + Hex.of(salt), dispute().create(claim, dispute().terms().claimBond()));
    stranger.send(
        "doubt " + Hex.of(salt),
        dispute()
            .open(
                claim,
                model.onChain(),
                input,
                truth.output(),
                NO_NONCE,
                stranger.account(),
                dispute().terms().challengeBond()));
    return claim;
  }

  private List<String> names(Claim claim) {
    return dispute().events(0, parties.chain().head(), claim.id()).stream()
        .map(ChainEvent::name)
        .toList();
  }

  @Test
  void theDemonstrationIsShownWithReasons() throws Exception {
    given()
        .contentType("application/json")
        .body("{\"liar\":\"nobody\",\"lie\":\"output\"}")
        .post("/api/demo")
        .then()
        .statusCode(400);
    String game =
        given()
            .contentType("application/json")
            .body("{\"liar\":\"proposer\",\"lie\":\"instruction\"}")
            .post("/api/demo")
            .then()
            .statusCode(200)
            .extract()
            .path("gameId");
    given()
        .header("Authorization", Operator.authorization(home))
        .delete("/api/models/opml-tiny")
        .then()
        .statusCode(409)
        .body("detail", matchesPattern(".*demonstrations [1-9].*"));
    Eventually.holds(
        "caught", () -> "CHALLENGER_WON".equals(given().get("/api/games/" + game).path("status")));
    given()
        .get("/api/games/" + game)
        .then()
        .body("moves[0].kind", equalTo("open"))
        .body("moves[0].reason", notNullValue())
        .body("moves.milliseconds", org.hamcrest.Matchers.everyItem(notNullValue()));
  }

  /** Seconds by which the chain's clock is ahead of the wall's. */
  private long ahead() {
    World.pass(parties.chain().url(), 0);
    long chain = parties.chain().blockTime(parties.chain().head());
    return chain - System.currentTimeMillis() / 1000;
  }

  private static io.restassured.response.Response demo(String liar) {
    return given()
        .contentType("application/json")
        .body("{\"liar\":\"" + liar + "\",\"lie\":\"output\"}")
        .post("/api/demo");
  }

  /** It is everybody's: a claim's window would end before the validator could look at it. */
  @Test
  void demonstrationsDoNotMoveTheChainsClock() throws Exception {
    long before = ahead();
    for (String liar : List.of("proposer", "challenger", "proposer")) {
      String[] game = {null}; // the next may begin while the one before waits for its window's end
      Eventually.holds(
          "begun",
          () -> {
            var answer = demo(liar);
            game[0] = answer.statusCode() == 200 ? answer.path("gameId") : null;
            return game[0] != null;
          });
      Eventually.holds(
          "over", () -> !"RUNNING".equals(given().get("/api/games/" + game[0]).path("status")));
    }
    Thread.sleep(3000); // bonds are settled, and the last one waits
    long moved = ahead() - before;
    assertTrue(moved < 30, "moved by " + moved + " s");
  }

  private static JsonPath claimJson(byte[] id) {
    return given().get("/api/claims/" + Hex.of(id)).jsonPath();
  }
}
