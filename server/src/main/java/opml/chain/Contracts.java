package opml.chain;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Addresses of one deployment. */
public record Contracts(
    String verifier, String registry, String dispute, String oracle, String receipts) {
  private static final Map<String, Artifact> LOADED = new ConcurrentHashMap<>();

  static Artifact artifact(String name) {
    return LOADED.computeIfAbsent(
        name,
        key -> {
          Artifact artifact = Artifact.load(key);
          Errors.know(artifact.abi());
          return artifact;
        });
  }

  static Abi abi(String name) {
    return artifact(name).abi();
  }
}
