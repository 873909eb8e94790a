package opml.cli;

import com.fasterxml.jackson.databind.JsonNode;
import opml.chain.Chain;
import opml.launch.Preflight;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A server that shows something, and the chain by which it is checked. */
final class ServedChain {
  @Mixin private ServerOption server;

  @Option(
      names = "--rpc-url",
      paramLabel = "URL",
      description =
          "JSON-RPC address of the chain, which is believed (default: the one that the server"
              + " names).")
  private String rpcUrl;

  ServerClient client() {
    return server.required();
  }

  /**
   * Refuses to go by the endpoint that the server names. SAFETY: it may tell any bond, of any
   * chain, and what is signed for it is good there.
   */
  void requireOwnEndpoint() {
    if (rpcUrl == null) {
      throw new IllegalArgumentException(
          "give --rpc-url, an endpoint of the chain that you trust: a bond is staked by what it"
              + " says");
    }
  }

  /** Connects to the chain; {@code info} is what the server says of it. */
  Chain connect(JsonNode info) {
    String url = rpcUrl == null ? info.path("rpcUrl").asText("") : rpcUrl;
    if (url.isEmpty() || url.equals("null")) {
      throw new IllegalArgumentException("the server names no chain endpoint: give --rpc-url");
    }
    return Preflight.chain(url);
  }
}
