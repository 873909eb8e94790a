package opml.cli;

import opml.catalog.ModelStore;
import opml.launch.RunningServer;
import picocli.CommandLine.Option;

/** {@code --server}: who answers. */
final class ServerOption {
  @Option(
      names = "--server",
      paramLabel = "URL|none",
      description =
          "Asks this server, or none (default: the one that `opml start` runs here, if any).")
  private String server;

  /** Whether a server was asked for by name. */
  boolean named() {
    return server != null && !server.equals("none");
  }

  /**
   * The server to ask.
   *
   * @throws IllegalArgumentException when there is none
   */
  ServerClient required() {
    ServerClient client = client();
    if (client == null) {
      throw new IllegalArgumentException(
          "no server runs here: run `opml start`, or name one by --server URL");
    }
    return client;
  }

  /** The server to ask, or null. */
  ServerClient client() {
    if (server != null) {
      return named() ? new ServerClient(server) : null;
    }
    return RunningServer.find(ModelStore.home())
        .map(found -> new ServerClient(found.url()))
        .orElse(null);
  }
}
