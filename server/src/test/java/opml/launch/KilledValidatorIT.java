package opml.launch;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import opml.chain.Chain;
import opml.chain.DisputeContract;
import opml.chain.FaultyProxy;
import opml.chain.Hex;
import opml.chain.Terms;
import opml.dispute.Lie;
import opml.http.LocalPort;
import opml.outbox.Deployed;
import opml.outbox.Keys;
import opml.world.Eventually;
import opml.world.LyingProposer;
import opml.world.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A validator is killed at each stage of its game, and wins it with one bond. */
class KilledValidatorIT {
  private static final String VALIDATOR = Keys.development("validator").address();

  /** Seconds: long enough for some starts, and for most of a clock to run out in between. */
  private static final int LONG = 600;

  private static final Terms TERMS = new Terms(Terms.LOCAL.challengeBond(), LONG, LONG, LONG);

  private final World world = new World();
  private final Map<String, String> settings = new HashMap<>();
  private Server validator;
  private String address;
  private Chain chain;
  private FaultyProxy node;
  private Deployed deployed;

  @BeforeEach
  void start() throws Exception {
    settings.putAll(world.start());
    String url = settings.get("opml.chain.rpc-url");
    chain = Chain.connect(url);
    Path file = Path.of(settings.get("opml.chain.deployment"));
    Keys keys = new Keys(name -> Optional.empty(), url);
    deployed = new Deployer(chain, keys, line -> {}).deploy(file, TERMS);
    node = new FaultyProxy(url);
    settings.put("opml.chain.rpc-url", node.url());
    settings.put("opml.roles", "api,validator,indexer");
    settings.put("opml.withdraw.every", "1h"); // what is owed shows who has won
    settings.put("quarkus.http.port", Integer.toString(LocalPort.free()));
    address = "http://127.0.0.1:" + settings.get("quarkus.http.port");
  }

  @AfterEach
  void stop() throws IOException {
    if (validator != null) {
      validator.close();
    }
    node.close();
    chain.close();
    world.stop();
  }

  private void run() throws InterruptedException {
    validator = Server.start(Path.of("..").toAbsolutePath().normalize(), settings);
    assertTrue(validator.await(address + "/q/health/ready"), "the validator did not get ready");
  }

  @Test
  void itGoesOnWhereItWasAndWinsInTime() throws Exception {
    Path model = Path.of(settings.get("opml.models"));
    try (LyingProposer liar = new LyingProposer(chain, deployed, model, Lie.ACTIVATION)) {
      node.fail(FaultyProxy.Fault.SWALLOWS);
      run();
      Eventually.holds("signed, and in no node", () -> signed("key") == 1);
      validator.kill();

      node.fail(FaultyProxy.Fault.NONE);
      World.automine(chain.url(), false);
      run();
      Eventually.holds("on its way", () -> chain.nonce(VALIDATOR, true) == 1);
      validator.kill();

      World.automine(chain.url(), true);
      World.pass(chain.url(), 1);
      run();
      long moves = chain.nonce(VALIDATOR, false);
      Eventually.holds(
          "a pick in the newest block",
          () -> liar.moves() > 0 && chain.nonce(VALIDATOR, false) > moves);
      validator.kill();

      int revealed = liar.moves();
      Eventually.holds("it is the validator's turn", () -> liar.moves() == revealed);
      World.pass(chain.url(), LONG * 4 / 5);
      run();
      Eventually.holds("the liar lost", liar::lost);
      wonWithOneBond(Hex.of(liar.claim().id()));
    }
    Eventually.holds("paid", () -> dispute().owed(VALIDATOR).signum() > 0);
    Eventually.holds("one key, one nonce", () -> signed("key") == chain.nonce(VALIDATOR, false));
    assertEquals(signed("key"), signed("nonce"));
  }

  private DisputeContract dispute() {
    return new DisputeContract(chain, deployed.contracts().dispute());
  }

  private void wonWithOneBond(String claim) throws Exception {
    Eventually.holds("told", () -> "DEFEATED".equals(get("/api/claims/" + claim).get("status")));
    assertEquals("DIFFERS", get("/api/claims/" + claim).get("verdict"));
    List<String> games = get("/api/claims/" + claim).getList("games");
    assertEquals(1, games.size(), "one bond is at stake");
    assertEquals("PROVED_WRONG", get("/api/games/" + games.getFirst()).getString("ending"));
  }

  private JsonPath get(String path) {
    return given().get(address + path).jsonPath();
  }

  /** How many different ones the validator has signed. */
  private long signed(String column) throws SQLException {
    try (var connection = DriverManager.getConnection(settings.get("quarkus.datasource.jdbc.url"));
        var query =
            connection.prepareStatement(
                "select count(distinct "
                    + column
                    + ") from signed_transaction where account = ?")) {
      query.setString(1, VALIDATOR);
      var row = query.executeQuery();
      row.next();
      return row.getLong(1);
    }
  }
}
