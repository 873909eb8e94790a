package opml.launch;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.restassured.path.json.JsonPath;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import opml.chain.Chain;
import opml.chain.DisputeContract;
import opml.chain.Hex;
import opml.cli.Main;
import opml.dispute.Lie;
import opml.http.LocalPort;
import opml.outbox.Deployed;
import opml.outbox.Keys;
import opml.world.Eventually;
import opml.world.LyingServer;
import opml.world.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A false receipt is challenged on the command line, and a validator plays the game to its end. */
class ChallengedReceiptIT {
  private static final String VALIDATOR = Keys.development("validator").address();

  private final World world = new World();
  private Map<String, String> settings;
  private Chain chain;
  private DisputeContract dispute;
  private LyingServer liar;
  private Server validator;
  private String validating;

  @BeforeEach
  void start() throws Exception {
    settings = world.start();
    chain = Chain.connect(settings.get("opml.chain.rpc-url"));
    Deployed deployed = Deployed.read(Path.of(settings.get("opml.chain.deployment")));
    dispute = new DisputeContract(chain, deployed.contracts().dispute());
    Path model = Path.of(settings.get("opml.models"));
    liar = new LyingServer(chain, deployed, model, Lie.ACTIVATION);
    settings.put("opml.roles", "api,validator,indexer");
    settings.put("opml.withdraw.every", "1h"); // what is owed shows who has won
    settings.put("quarkus.http.port", Integer.toString(LocalPort.free()));
    validating = "http://127.0.0.1:" + settings.get("quarkus.http.port");
  }

  @AfterEach
  void stop() {
    if (validator != null) {
      validator.close();
    }
    liar.close();
    chain.close();
    world.stop();
  }

  private int challenge() {
    System.setProperty("opml.home", settings.get("opml.home"));
    try {
      return Main.run(
          "receipt", "challenge", liar.id(), "--server", liar.address(), "--rpc-url", chain.url());
    } finally {
      System.clearProperty("opml.home");
    }
  }

  /** Its ether is enough for the one bond and the gas, and for no second bond. */
  @Test
  void theLiarLosesHisBondToWhoChallengedOnTheCommandLine() throws Exception {
    BigInteger bond = dispute.terms().challengeBond();
    World.fund(chain.url(), VALIDATOR, bond.multiply(BigInteger.valueOf(3)).shiftRight(1));
    assertEquals(dispute.terms().claimBond(), liar.escrow().amount());
    assertEquals(3, challenge());
    assertEquals(BigInteger.ZERO, liar.escrow().amount());

    validator = Server.start(Path.of("..").toAbsolutePath().normalize(), settings);
    assertTrue(validator.await(validating + "/q/health/ready"), "the validator did not get ready");
    String claim = "/api/claims/" + Hex.of(liar.claim().id());
    Eventually.holds("judged", () -> "DIFFERS".equals(get(claim).getString("verdict")));
    Eventually.holds("the liar lost", liar::lost);
    Eventually.holds("told", () -> "DEFEATED".equals(get(claim).getString("status")));
    List<String> games = get(claim).getList("games");
    assertEquals(1, games.size(), "one bond is at stake");
    everyMoveIsTheValidators(get("/api/games/" + games.getFirst()));

    Eventually.holds("paid", () -> dispute.owed(VALIDATOR).signum() > 0);
    assertEquals(bond.multiply(BigInteger.valueOf(3)), dispute.owed(VALIDATOR));
    assertEquals(BigInteger.ZERO, liar.escrow().amount(), "nothing came back");
  }

  private JsonPath get(String path) {
    return given().get(validating + path).jsonPath();
  }

  /** Only of its own moves does a server know why they were made. */
  private static void everyMoveIsTheValidators(JsonPath game) {
    assertEquals("PROVED_WRONG", game.getString("ending"));
    List<Map<String, Object>> moves = game.getList("moves");
    List<Map<String, Object>> own =
        moves.stream()
            .filter(move -> List.of("pick", "prove").contains((String) move.get("kind")))
            .toList();
    assertEquals(game.getInt("h") + 4 + 1, own.size(), "each round's pick, and the proof");
    own.forEach(move -> assertNotNull(move.get("reason"), () -> move.toString()));
  }
}
