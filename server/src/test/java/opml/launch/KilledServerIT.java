package opml.launch;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import opml.catalog.ModelImage;
import opml.chain.Chain;
import opml.chain.ChainEvent;
import opml.chain.Claim;
import opml.chain.DisputeContract;
import opml.chain.Hex;
import opml.chain.MemoryJournal;
import opml.chain.OracleContract;
import opml.chain.OracleRequest;
import opml.chain.Outbox;
import opml.chain.ReceiptsContract;
import opml.chain.Sender;
import opml.commitment.Keccak;
import opml.dispute.Answered;
import opml.dispute.EngineProgram;
import opml.dispute.Liar;
import opml.dispute.Lie;
import opml.dispute.ProposerPlayer;
import opml.dispute.Table;
import opml.inference.Engine;
import opml.outbox.Deployed;
import opml.outbox.Keys;
import opml.request.Request;
import opml.world.Eventually;
import opml.world.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real server process is killed in the middle of an answer and of a game, and started again. */
class KilledServerIT {
  private final World world = new World();
  private final Map<String, String> settings = new HashMap<>();
  private Server server;
  private String address;
  private Chain chain;
  private Deployed deployed;

  @BeforeEach
  void start() throws Exception {
    settings.putAll(world.start());
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    settings.put("quarkus.http.port", Integer.toString(port));
    address = "http://127.0.0.1:" + port;
    chain = Chain.connect(settings.get("opml.chain.rpc-url"));
    deployed = Deployed.read(Path.of(settings.get("opml.chain.deployment")));
    run();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    chain.close();
    world.stop();
  }

  private void run() throws InterruptedException {
    server = Server.start(Path.of("..").toAbsolutePath().normalize(), settings);
    assertTrue(server.await(address + "/q/health/ready"), "the server did not get ready");
  }

  @Test
  void nothingIsLostAndNothingIsDoneTwice() throws Exception {
    List<String> prompts = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      prompts.add(ask("Tell me a tale " + i));
    }
    Lying lying = new Lying();
    Eventually.holds("a game with moves", () -> lying.moves() >= 3);
    server.kill();
    run();
    for (String prompt : prompts) {
      Eventually.holds("answered " + prompt, () -> "DONE".equals(status(prompt)));
    }
    Eventually.holds("the liar lost", lying::lost);
    Eventually.holds("all anchored", () -> anchored(prompts));
    eachRootIsAnchoredOnce();
    eachNonceIsUsedByOneIntent("proposer");
    eachNonceIsUsedByOneIntent("validator");
  }

  private String ask(String text) {
    String body = "{\"model\":\"opml-tiny\",\"maxTokens\":48,\"prompt\":\"" + text + "\"}";
    return given()
        .contentType("application/json")
        .body(body)
        .post(address + "/api/prompts")
        .then()
        .statusCode(202)
        .extract()
        .path("id");
  }

  private String status(String prompt) {
    return given().get(address + "/api/prompts/" + prompt).path("status");
  }

  private boolean anchored(List<String> prompts) {
    Set<String> receipts = new HashSet<>();
    for (String prompt : prompts) {
      String id = given().get(address + "/api/prompts/" + prompt).path("receiptId");
      receipts.add(id);
      String state = given().get(address + "/api/receipts/" + id).path("status");
      if (!"ANCHORED".equals(state)) {
        return false;
      }
    }
    return receipts.size() == prompts.size();
  }

  private void eachRootIsAnchoredOnce() {
    ReceiptsContract contract = new ReceiptsContract(chain, deployed.contracts().receipts());
    Set<String> roots = new HashSet<>();
    int leaves = 0;
    for (ChainEvent event : contract.events(0, chain.head())) {
      if (event.name().equals("Anchored")) {
        assertTrue(roots.add(Hex.of(event.bytes("root"))), "anchored twice");
        leaves += (int) event.number("count");
      }
    }
    assertEquals(6, leaves, "receipts bound on chain");
  }

  /** The chain has taken as many transactions as the outbox has done things. */
  private void eachNonceIsUsedByOneIntent(String party) throws Exception {
    String account = Keys.development(party).address();
    try (var connection =
            java.sql.DriverManager.getConnection(settings.get("quarkus.datasource.jdbc.url"));
        var query =
            connection.prepareStatement(
                "select count(distinct key), count(distinct nonce) from signed_transaction"
                    + " where account = ?")) {
      query.setString(1, account);
      var row = query.executeQuery();
      row.next();
      assertEquals(chain.nonce(account, false), row.getLong(1), party + ": one key, one nonce");
      assertEquals(chain.nonce(account, false), row.getLong(2), party + ": no nonce without key");
    }
  }

  /** A proposer outside the server who claims a false answer and defends it. */
  private final class Lying {
    private final DisputeContract dispute =
        new DisputeContract(chain, deployed.contracts().dispute());
    private final Outbox liar = new Sender(chain, Keys.development("liar"), new MemoryJournal());
    private final Claim claim;
    private final ProposerPlayer player;

    Lying() throws IOException {
      ModelImage image = ModelImage.open(Path.of(settings.get("opml.models")));
      EngineProgram program = new EngineProgram(image, new Engine(image, 1));
      byte[] input = Request.ask("What is 3 plus 3?", 4).encode();
      Answered truth = Answered.by(program, input);
      Liar lie = Liar.plant(program, input, truth, Lie.OUTPUT, 1);
      OracleContract oracle = new OracleContract(chain, deployed.contracts().oracle());
      long now = chain.blockTime(chain.head());
      OracleRequest request =
          new OracleRequest(
              program.model(deployed.contracts().verifier()).id(),
              Keccak.hash(input),
              4,
              liar.account(),
              liar.account(),
              now + 600,
              now + 3600,
              BigInteger.TEN,
              OracleRequest.NOBODY,
              0,
              false,
              new byte[32]);
      liar.send(
          "request",
          oracle.request(request, program.model(deployed.contracts().verifier()), input));
      claim = oracle.claimFor(request, liar.account(), Keccak.hash(lie.answer().output()));
      liar.send(
          "claim",
          oracle.claim(request, lie.answer().output(), new byte[32], dispute.terms().claimBond()));
      Table table = new Table(chain, dispute, deployed.firstBlock());
      player = new ProposerPlayer(table, liar, lie.trace(), played -> {});
    }

    private int made;

    int moves() {
      made += player.play(claim.id());
      return made;
    }

    boolean lost() {
      player.play(claim.id());
      return dispute.claim(claim.id()).status() == DisputeContract.Status.DEFEATED;
    }
  }
}
