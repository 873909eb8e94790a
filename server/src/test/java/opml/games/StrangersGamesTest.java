package opml.games;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import opml.chain.Claim;
import opml.chain.DisputeContract;
import opml.chain.GameKey;
import opml.chain.MemoryJournal;
import opml.chain.Outbox;
import opml.chain.Sender;
import opml.commitment.Keccak;
import opml.dispute.Answered;
import opml.http.Hex;
import opml.model.Model;
import opml.model.Models;
import opml.outbox.Keys;
import opml.outbox.Parties;
import opml.request.Request;
import opml.world.Eventually;
import opml.world.World;
import org.junit.jupiter.api.Test;

/** Anybody may open games in the validator's name: they neither busy nor replace its own. */
@QuarkusTest
@QuarkusTestResource(World.class)
class StrangersGamesTest {
  private static final byte[] FORESEEN = new byte[32];
  private static final int MOVED_AT = 138; // in a position
  private static final long LONG_AGO = 1_000_000_000; // seconds since the epoch

  @Inject Parties parties;
  @Inject Models models;
  @Inject Players players;
  @Inject Clocks clocks;

  private final byte[] input = Request.ask("What is 6 plus 3?", 4).encode();

  private DisputeContract dispute() {
    return new DisputeContract(parties.chain(), parties.deployment().contracts().dispute());
  }

  private Model model() {
    return models.named("opml-tiny");
  }

  /** A stranger's claim, and a game about it that he opens in the validator's name. */
  private Claim claimed(byte[] output, String name) {
    Outbox stranger = new Sender(parties.chain(), Keys.development("liar"), new MemoryJournal());
    String account = stranger.account();
    byte[] salt = Keccak.hash(name.getBytes(StandardCharsets.US_ASCII));
    byte[] hash = Keccak.hash(output);
    Claim claim = new Claim(model().id(), Keccak.hash(input), hash, 4, account, account, salt);
    stranger.send("claim " + name, dispute().create(claim, dispute().terms().claimBond()));
    stranger.send(
        "open " + name,
        dispute()
            .open(
                claim,
                model().onChain(),
                input,
                output,
                FORESEEN,
                parties.validating().account(),
                dispute().terms().challengeBond()));
    return claim;
  }

  private static JsonPath seen(Claim claim) {
    return given().get("/api/claims/" + Hex.of(claim.id())).jsonPath();
  }

  private static List<String> games(Claim claim) {
    List<String> games = seen(claim).getList("games");
    return games == null ? List.of() : games; // not indexed yet
  }

  private List<Players.Seat> seats(Claim claim) {
    return players.seats().stream()
        .filter(seat -> Arrays.equals(seat.claimId(), claim.id()))
        .toList();
  }

  /** Lost while the validator is away, it would be the only one there ever is. */
  @Test
  void aGameThatAStrangerForesawDoesNotTakeThePlaceOfTheOwn() throws Exception {
    byte[] lie = Answered.by(model().program(), input).output();
    lie[lie.length - 1] ^= 1;
    Claim claim = claimed(lie, "false");
    byte[] theirs = new GameKey(claim.id(), parties.validating().account(), FORESEEN).id();
    Eventually.holds("challenged", () -> games(claim).size() == 2);
    assertTrue(games(claim).contains(Hex.of(theirs)));
    assertEquals(1, seats(claim).size(), "both are played");
  }

  /**
   * Its replay would cost as much as the claim's, and clocks of games that matter run meanwhile.
   */
  @Test
  void aGameAboutATrueClaimIsNotPlayed() throws Exception {
    Claim claim = claimed(Answered.by(model().program(), input).output(), "true");
    Eventually.holds("agreed", () -> "AGREED".equals(seen(claim).getString("verdict")));
    assertEquals(1, games(claim).size());
    assertEquals(List.of(), seats(claim));
  }

  /** Nobody ends them: their clocks would hide those of our own games for ever. */
  @Test
  void clocksOfGamesOfOthersAreNotWatched() throws Exception {
    Claim claim = claimed(Answered.by(model().program(), input).output(), "left alone");
    Eventually.holds("seen", () -> games(claim).size() == 1);
    Eventually.holds("agreed", () -> "AGREED".equals(seen(claim).getString("verdict")));
    byte[] theirs = new GameKey(claim.id(), parties.validating().account(), FORESEEN).id();
    QuarkusTransaction.requiringNew().run(() -> leave(theirs));
    assertTrue(clocks.nearest().orElse(Long.MAX_VALUE) > LONG_AGO);
  }

  private static void leave(byte[] game) {
    GameRecord row = GameRecord.findById(game);
    byte[] position = row.position.clone();
    Arrays.fill(position, MOVED_AT, MOVED_AT + Long.BYTES, (byte) 0);
    row.position = position;
  }
}
