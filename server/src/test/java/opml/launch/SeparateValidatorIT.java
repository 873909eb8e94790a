package opml.launch;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import opml.catalog.ModelStore;
import opml.catalog.Progress;
import opml.chain.Chain;
import opml.chain.Hex;
import opml.cli.Main;
import opml.dispute.Lie;
import opml.http.Json;
import opml.http.LocalPort;
import opml.outbox.Deployed;
import opml.world.Eventually;
import opml.world.Folder;
import opml.world.LyingProposer;
import opml.world.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Proposer and validator as two processes that share nothing but the chain: each has its own
 * database, its own home and its own copy of the weights. A third party without weights checks the
 * game.
 */
class SeparateValidatorIT {
  private final World world = new World();
  private final HttpClient http = HttpClient.newHttpClient();
  private EmbeddedPostgres database;
  private Path home; // of the validator
  private Server proposer;
  private Server validator;
  private String proposing;
  private String validating;
  private Map<String, String> settings;
  private Chain chain;
  private Deployed deployed;

  @BeforeEach
  void start() throws Exception {
    settings = world.start();
    chain = Chain.connect(settings.get("opml.chain.rpc-url"));
    Path deployment = Path.of(settings.get("opml.chain.deployment"));
    deployed = Deployed.read(deployment);
    Map<String, String> other = new HashMap<>(settings);
    home = Files.createTempDirectory("opml-validator");
    new ModelStore(home).open("opml-tiny", Progress.NONE).close();
    database = EmbeddedPostgres.builder().setServerConfig("listen_addresses", "127.0.0.1").start();
    other.put("quarkus.datasource.jdbc.url", database.getJdbcUrl("postgres", "postgres"));
    other.put("opml.home", home.toString());
    other.put("opml.models", home.resolve("models/opml-tiny").toString());
    Path copy = home.resolve("deployment.json");
    Files.copy(deployment, copy);
    other.put("opml.chain.deployment", copy.toString());
    settings.put("opml.roles", "api,inference,proposer,indexer");
    other.put("opml.roles", "api,validator,indexer");
    proposing = at(settings);
    validating = at(other);
    Path root = Path.of("..").toAbsolutePath().normalize();
    proposer = Server.start(root, settings);
    validator = Server.start(root, other);
    assertTrue(proposer.await(proposing + "/q/health/ready"), "the proposer did not get ready");
    assertTrue(validator.await(validating + "/q/health/ready"), "the validator did not get ready");
  }

  /** Chooses a free port; the address there. */
  private static String at(Map<String, String> settings) throws IOException {
    settings.put("quarkus.http.port", Integer.toString(LocalPort.free()));
    return "http://127.0.0.1:" + settings.get("quarkus.http.port");
  }

  @AfterEach
  void stop() throws IOException {
    validator.close();
    proposer.close();
    chain.close();
    database.close();
    world.stop();
    Folder.delete(home);
  }

  @Test
  void theValidatorDefeatsALieAndAnybodyCanCheckWithoutTheModel() throws Exception {
    Path model = Path.of(settings.get("opml.models"));
    try (LyingProposer liar = new LyingProposer(chain, deployed, model, Lie.ACTIVATION)) {
      Eventually.holds("the liar lost", liar::lost);
      String claim = Hex.of(liar.claim().id());
      Eventually.holds("told", () -> "DEFEATED".equals(claim(validating, claim, "status")));
      assertEquals("DIFFERS", claim(validating, claim, "verdict"));
      Eventually.holds("seen", () -> "DEFEATED".equals(claim(proposing, claim, "status")));
      assertEquals(null, claim(proposing, claim, "verdict"), "the proposer validates nothing");
      List<String> games = given().get(validating + "/api/claims/" + claim).path("games");
      assertEquals(1, games.size(), "one challenger");
      check(games.getFirst());
    }
  }

  private static String claim(String server, String id, String field) {
    return given().get(server + "/api/claims/" + id).path(field);
  }

  private void check(String game) throws IOException {
    JsonNode found = Json.tree(replay(3, game, validating));
    assertEquals("challenger", found.path("right").asText());
    long all = found.path("weightsBytes").asLong();
    long weights = found.path("fetched").path("weights").asLong();
    assertTrue(weights > 0 && weights < all, weights + " of " + all + " bytes");
    // Whoever changes a byte on the way is found out, wherever it is.
    for (String part : List.of("/weights/pages", "/state?", "/operators/", "/code")) {
      HttpServer forger = forger(part);
      try {
        assertEquals("", replay(1, game, "http://127.0.0.1:" + forger.getAddress().getPort()));
      } finally {
        forger.stop(0);
      }
    }
  }

  private static String replay(int code, String game, String server) {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      assertEquals(code, Main.run("vm", "replay", game, "--server", server, "--json"));
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /** Stands between a client and the validator and changes one digit or byte of some answers. */
  private HttpServer forger(String part) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().toString();
          byte[] body = get(validating + path);
          if (path.contains(part)) {
            body[body.length / 2] ^= 1;
          }
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  private byte[] get(String address) {
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create(address)).build();
      return http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
