package opml.chain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A compiled contract on the class path: /opml/contracts/NAME.json.
 *
 * @param code what a deployment executes
 * @param deployed what it leaves on chain, with zeros where it fills in the immutables
 */
record Artifact(String name, Abi abi, byte[] code, byte[] deployed, List<Immutable> immutables) {
  /** Where a deployment fills in a parameter. */
  record Immutable(int start, int length) {}

  static Artifact load(String name) {
    String path = "/opml/contracts/" + name + ".json";
    try (InputStream in = Artifact.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException(
            path + ": not on the class path; build the contracts module first");
      }
      JsonNode json = new ObjectMapper().readTree(in);
      List<Immutable> immutables = new ArrayList<>();
      for (JsonNode one : json.path("immutables")) {
        immutables.add(new Immutable(one.get("start").asInt(), one.get("length").asInt()));
      }
      return new Artifact(
          name,
          new Abi(json.get("abi")),
          Hex.bytes(json.get("bytecode").asText()),
          Hex.bytes(json.get("deployedBytecode").asText()),
          List.copyOf(immutables));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether code on chain is this contract, whatever parameters a deployment gave it. */
  boolean is(byte[] onChain) {
    if (onChain.length != deployed.length) {
      return false;
    }
    byte[] code = onChain.clone();
    for (Immutable at : immutables) {
      Arrays.fill(code, at.start, at.start + at.length, (byte) 0);
    }
    return Arrays.equals(code, deployed);
  }
}
