package opml.chain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A compiled contract on the class path: /opml/contracts/NAME.json with abi and bytecode. */
record Artifact(String name, Abi abi, byte[] code) {
  static Artifact load(String name) {
    String path = "/opml/contracts/" + name + ".json";
    try (InputStream in = Artifact.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException(
            path + ": not on the class path; build the contracts module first");
      }
      JsonNode json = new ObjectMapper().readTree(in);
      return new Artifact(name, new Abi(json.get("abi")), Hex.bytes(json.get("bytecode").asText()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
