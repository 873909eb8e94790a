package opml.launch;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import opml.chain.Chain;
import opml.chain.ChainEvent;
import opml.chain.Hex;
import opml.chain.ReceiptsContract;
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
    int port = LocalPort.free();
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
    Path model = Path.of(settings.get("opml.models"));
    try (LyingProposer liar = new LyingProposer(chain, deployed, model, Lie.OUTPUT)) {
      Eventually.holds("a game with moves", () -> liar.moves() >= 3);
      server.kill();
      run();
      for (String prompt : prompts) {
        Eventually.holds("answered " + prompt, () -> "DONE".equals(status(prompt)));
      }
      Eventually.holds("the liar lost", liar::lost);
    }
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
}
