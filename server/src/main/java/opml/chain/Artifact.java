package opml.chain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A compiled contract on the class path: /opml/contracts/NAME.json.
 *
 * @param code what a deployment executes
 * @param deployed what it leaves on chain, with zeros where it fills in the immutables
 */
record Artifact(String name, Abi abi, byte[] code, byte[] deployed, List<Immutable> immutables) {
  /** Where a deployment fills in a parameter; the same one stands in several places. */
  record Immutable(String name, int start, int length) {}

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
        immutables.add(
            new Immutable(
                one.get("name").asText(), one.get("start").asInt(), one.get("length").asInt()));
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

  /**
   * The parameters that a deployment gave to code on chain; null when it is not this contract.
   *
   * <p>SAFETY: code can be put on chain without its constructor, and so with a getter that tells
   * another value than the one that is used. What stands in several places must be the same in all.
   */
  Map<String, BigInteger> parameters(byte[] onChain) {
    if (onChain.length != deployed.length) {
      return null;
    }
    byte[] code = onChain.clone();
    Map<String, BigInteger> parameters = new HashMap<>();
    for (Immutable at : immutables) {
      BigInteger value = new BigInteger(1, onChain, at.start, at.length);
      BigInteger before = parameters.put(at.name, value);
      if (before != null && !before.equals(value)) {
        return null;
      }
      Arrays.fill(code, at.start, at.start + at.length, (byte) 0);
    }
    return Arrays.equals(code, deployed) ? parameters : null;
  }
}
