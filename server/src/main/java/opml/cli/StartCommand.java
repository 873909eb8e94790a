package opml.cli;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.chain.Chain;
import opml.chain.Terms;
import opml.launch.Database;
import opml.launch.Deployer;
import opml.launch.Node;
import opml.launch.Server;
import opml.outbox.Keys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts everything on this machine; Ctrl-C stops it; a second start goes on where it was. */
@Command(
    name = "start",
    description =
        "Starts database, chain, contracts, model and server, and prints the page's address.")
final class StartCommand implements Callable<Integer> {
  @Option(names = "--rpc-url", description = "JSON-RPC address of a chain (default: an own anvil)")
  private String rpcUrl;

  @Option(
      names = "--database-url",
      description = "JDBC address of a PostgreSQL (default: an own one)")
  private String databaseUrl;

  @Mixin private ModelOption model;

  @Option(names = "--port", description = "port of the page, on loopback (default: 8080)")
  private int port = 8080;

  private final Deque<AutoCloseable> children = new ArrayDeque<>();

  @Override
  public Integer call() throws Exception {
    // The embedded parts log through JBoss' manager, which wants to be the first.
    System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
    Thread hook = new Thread(this::stop, "opml-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    Path home = ModelStore.home();
    say("model");
    String name;
    try (ModelImage image = model.open()) {
      name = image.name();
      say("model " + name + " is ready");
    }
    String database = databaseUrl == null ? database(home) : databaseUrl;
    String rpc = rpcUrl == null ? node(home) : rpcUrl;
    Path deployment = home.resolve("chain/deployment.json");
    try (Chain chain = Chain.connect(rpc)) {
      new Deployer(chain, Keys.ofEnvironment(rpc), StartCommand::say)
          .ensure(deployment, Terms.LOCAL);
    }
    Map<String, String> settings = new HashMap<>();
    settings.put("quarkus.datasource.jdbc.url", database);
    settings.put("quarkus.http.port", Integer.toString(port));
    settings.put("opml.home", home.toString());
    settings.put("opml.models", home.resolve("models").resolve(name).toString());
    settings.put("opml.chain.rpc-url", rpc);
    settings.put("opml.chain.deployment", deployment.toString());
    String page = "http://localhost:" + port;
    say("server");
    Path root = Path.of(System.getProperty("opml.root", "."));
    Server server = own(Server.start(root, settings));
    if (server.await("http://127.0.0.1:" + port + "/q/health/ready")) {
      System.out.println("opML is ready: " + page);
    }
    int status = server.waitFor();
    stop();
    return status == 143 || status == 130 ? 0 : status; // ended by a signal: that's how it ends
  }

  private String database(Path home) {
    say("database");
    return own(Database.start(home.resolve("database"))).url();
  }

  private String node(Path home) {
    say("chain");
    return own(Node.start(home.resolve("chain"))).url();
  }

  private <T extends AutoCloseable> T own(T child) {
    synchronized (children) {
      children.push(child);
    }
    return child;
  }

  /** Last started, first stopped: the server must not lose its database under its feet. */
  private void stop() {
    while (true) {
      AutoCloseable child;
      synchronized (children) {
        child = children.poll();
      }
      if (child == null) {
        return;
      }
      try {
        child.close();
      } catch (Exception e) {
        say("did not stop: " + e.getMessage());
      }
    }
  }

  private static void say(String what) {
    System.err.println("opml: " + what);
  }
}
