package opml.world;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import opml.catalog.ModelStore;
import opml.catalog.Progress;
import opml.chain.Anvil;
import opml.chain.Terms;
import opml.launch.Deployer;
import opml.outbox.Keys;

/** A real PostgreSQL, a real node with our contracts, the small model of the repository. */
public final class World implements QuarkusTestResourceLifecycleManager {
  /** A window short enough to wait for, clocks long enough never to matter. */
  private static final Terms TERMS = new Terms(Terms.LOCAL.challengeBond(), 5, 600, 600);

  private Anvil anvil;
  private EmbeddedPostgres database;
  private Path home;

  @Override
  public Map<String, String> start() {
    try {
      home = Files.createTempDirectory("opml-world");
      database =
          EmbeddedPostgres.builder().setServerConfig("listen_addresses", "127.0.0.1").start();
      anvil = Anvil.start(null, 0);
      Keys keys = new Keys(name -> Optional.empty(), anvil.url());
      Path deployment = home.resolve("chain/deployment.json");
      new Deployer(anvil.chain(), keys, line -> {}).ensure(deployment, TERMS);
      for (String model : List.of("opml-tiny", "opml-digits")) {
        new ModelStore(home).open(model, Progress.NONE).close();
      }
      Map<String, String> settings = new HashMap<>();
      settings.put("quarkus.datasource.jdbc.url", database.getJdbcUrl("postgres", "postgres"));
      settings.put("opml.home", home.toString());
      settings.put("opml.models", home.resolve("models/opml-tiny").toString());
      settings.put("opml.chain.rpc-url", anvil.url());
      settings.put("opml.chain.deployment", deployment.toString());
      settings.put("opml.receipt.patience", "0.3s");
      settings.put("opml.http.body-timeout", "5s");
      settings.put("opml.receipt.window", "24h"); // tests let hours pass on the chain
      settings.put("opml.withdraw.every", "1s");
      settings.put("opml.withdraw.min", "1");
      return settings;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets seconds pass on the node at {@code url}. */
  public static void pass(String url, long seconds) {
    develop(url, "evm_increaseTime", Long.toString(seconds));
    develop(url, "evm_mine", "");
  }

  /** The node drops its newest blocks and makes as many empty ones instead. */
  public static void reorganise(String url, long blocks) {
    develop(url, "anvil_reorg", blocks + ",[]");
  }

  /** Whether the node makes a block of each transaction at once, or none until it is told to. */
  public static void automine(String url, boolean on) {
    develop(url, "evm_setAutomine", Boolean.toString(on));
  }

  /** Puts other code under an address. */
  public static void code(String url, String address, String code) {
    develop(url, "anvil_setCode", "\"" + address + "\",\"" + code + "\"");
  }

  /** Puts a word of 32 bytes into the storage of a contract. */
  public static void storage(String url, String address, String slot, String word) {
    develop(url, "anvil_setStorageAt", "\"" + address + "\",\"" + slot + "\",\"" + word + "\"");
  }

  /** Leaves an account so much ether. */
  public static void fund(String url, String account, BigInteger wei) {
    develop(url, "anvil_setBalance", "\"" + account + "\",\"0x" + wei.toString(16) + "\"");
  }

  private static void develop(String url, String method, String parameter) {
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\""
            + method
            + "\",\"params\":["
            + parameter
            + "]}";
    io.restassured.RestAssured.given()
        .contentType("application/json")
        .body(body)
        .post(url)
        .then()
        .statusCode(200);
  }

  @Override
  public void stop() {
    try {
      if (anvil != null) {
        anvil.close();
      }
      if (database != null) {
        database.close();
      }
      if (home != null) {
        Folder.delete(home);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
