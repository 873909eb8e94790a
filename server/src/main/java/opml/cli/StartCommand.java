package opml.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.chain.Chain;
import opml.chain.Terms;
import opml.launch.ChainFolder;
import opml.launch.Database;
import opml.launch.Deployer;
import opml.launch.Node;
import opml.launch.Preflight;
import opml.launch.RunningServer;
import opml.launch.Server;
import opml.outbox.Deployed;
import opml.outbox.Keys;
import opml.role.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts everything on this machine; Ctrl-C stops it; a second start goes on where it was. */
@Command(
    name = "start",
    mixinStandardHelpOptions = true,
    description =
        "Starts database, chain, contracts, model and server, and prints the page's address.",
    footer =
        "On any chain but a development chain of this machine, run `opml contracts deploy` first"
            + " and name the files with the keys in OPML_KEYS_PROPOSER_FILE and"
            + " OPML_KEYS_VALIDATOR_FILE.")
final class StartCommand implements Callable<Integer> {
  private static final String DIGITS = "opml-digits";

  @Option(
      names = "--rpc-url",
      paramLabel = "URL",
      defaultValue = "${env:OPML_RPC_URL}",
      description = "JSON-RPC address of a chain, or OPML_RPC_URL (default: an own anvil).")
  private String rpcUrl;

  @Option(
      names = "--database-url",
      paramLabel = "URL",
      defaultValue = "${env:OPML_DATABASE_URL}",
      description =
          "Address of a PostgreSQL, jdbc:postgresql:… or postgresql:…, or OPML_DATABASE_URL, which"
              + " hides a password from other users (default: an own one).")
  private String databaseUrl;

  @Option(
      names = "--roles",
      paramLabel = "ROLE",
      split = ",",
      defaultValue = "${env:OPML_ROLES:-api,inference,proposer,validator,indexer}",
      description = "What this process does (default: ${DEFAULT-VALUE}).")
  private List<String> names;

  private Set<Role> roles;

  @Option(
      names = "--contracts",
      paramLabel = "FILE",
      description =
          "Uses the contracts of another server on that chain: its deployment.json, below chain in"
              + " its OPML_HOME.")
  private Path contracts;

  @Mixin private ModelOption model;

  @Option(
      names = "--port",
      converter = WholeNumber.FromOne.class,
      description = "Port of the page, on loopback (default: ${DEFAULT-VALUE}).")
  private int port = 8080;

  private final Deque<AutoCloseable> children = new ArrayDeque<>();

  @Override
  public Integer call() throws Exception {
    Path home = ModelStore.home();
    Optional<RunningServer> running = RunningServer.find(home);
    if (running.isPresent()) {
      throw new IllegalStateException(
          "opML runs already at %s (process %d): stop it, or set OPML_HOME to another folder"
              .formatted(running.get().url(), running.get().pid()));
    }
    roles = Role.named(names, "--roles");
    model.check();
    Preflight.port(port);
    if (databaseUrl != null) {
      databaseUrl = Preflight.database(databaseUrl);
    }
    Thread hook = new Thread(this::stop, "opml-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return run(home);
    } finally {
      stop();
    }
  }

  private int run(Path home) throws Exception {
    String rpc = rpcUrl == null ? node(home) : rpcUrl;
    Path folder;
    try (Chain chain = Preflight.chain(rpc)) {
      folder = rpcUrl == null ? ChainFolder.own(home) : ChainFolder.of(home, chain);
      Keys keys = Keys.ofEnvironment(rpc);
      take(chain, ChainFolder.deployment(folder));
      new Deployer(chain, keys, StartCommand::say)
          .ensure(ChainFolder.deployment(folder), Terms.LOCAL);
      Preflight.parties(
          chain,
          keys,
          Stream.of(Role.PROPOSER, Role.VALIDATOR)
              .filter(roles::contains)
              .map(Role::text)
              .toList());
    }
    say("model");
    String name;
    try (ModelImage image = model.open()) {
      name = image.name();
      image.check(Out.progress()); // bonds stand behind what it answers
      Gate.ensure(ModelStore.standard(), image, StartCommand::say);
      say("model " + name + " is ready");
    }
    // What is indexed belongs to one chain: another chain gets another database.
    Path data = rpcUrl == null ? home.resolve("database") : folder.resolve("database");
    String database = databaseUrl == null ? database(data) : databaseUrl;
    Map<String, String> settings = new HashMap<>();
    settings.put("quarkus.datasource.jdbc.url", database);
    settings.put("quarkus.http.port", Integer.toString(port));
    settings.put("opml.roles", String.join(",", roles.stream().map(Role::text).toList()));
    settings.put("opml.home", home.toString());
    settings.put("opml.models", String.join(",", models(home, name)));
    settings.put("opml.chain.rpc-url", rpc);
    settings.put("opml.chain.deployment", ChainFolder.deployment(folder).toString());
    String page = "http://localhost:" + port;
    say("server");
    Path root = Path.of(System.getProperty("opml.root", "."));
    Server server = own(Server.start(root, settings));
    if (server.await("http://127.0.0.1:" + port + "/q/health/ready")) {
      System.out.println("opML is ready: " + page);
    }
    int status = server.waitFor();
    if (status == 143 || status == 130) {
      return 0; // ended by a signal: that's how it ends
    }
    say("the server has ended with status " + status + ": start again, what it knew is kept");
    return status;
  }

  /** Remembers the contracts of another server as those to use. */
  private void take(Chain chain, Path file) throws IOException {
    if (contracts == null) {
      return;
    }
    if (!Files.isRegularFile(contracts) || !Deployed.read(contracts).isOn(chain)) {
      throw new IllegalArgumentException(
          "--contracts: " + contracts + " names no contracts of ours on the chain of --rpc-url");
    }
    Files.createDirectories(file.getParent());
    Files.copy(contracts, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The model, and the reader of digits beside it: small enough for everyone. */
  private static Set<String> models(Path home, String name) throws IOException {
    ModelStore store = ModelStore.standard();
    try (ModelImage image = store.open(DIGITS, Out.progress())) {
      image.check(Out.progress());
    }
    Set<String> folders = new LinkedHashSet<>();
    for (String model : List.of(name, DIGITS)) {
      folders.add(home.resolve("models").resolve(model).toString());
    }
    return folders;
  }

  private String database(Path folder) {
    say("database");
    return own(Database.start(folder)).url();
  }

  private String node(Path home) {
    say("chain");
    return own(Node.start(ChainFolder.own(home))).url();
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
