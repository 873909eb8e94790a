package opml.outbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import opml.chain.Chain;
import opml.chain.Contracts;
import opml.http.Json;

/**
 * Where our contracts are: one file per chain, written once at deployment.
 *
 * @param firstBlock nothing of ours is older
 */
public record Deployed(long chainId, long firstBlock, Contracts contracts) {
  /** Reads the file. */
  public static Deployed read(Path file) {
    try {
      JsonNode json = new ObjectMapper().readTree(file.toFile());
      Contracts contracts =
          new Contracts(
              address(file, json, "verifier"),
              address(file, json, "registry"),
              address(file, json, "dispute"),
              address(file, json, "oracle"),
              address(file, json, "receipts"));
      return new Deployed(
          json.path("chainId").longValue(), json.path("firstBlock").longValue(), contracts);
    } catch (IOException e) {
      throw new UncheckedIOException(
          file + " can't be read: it names the contracts and is written by opml start", e);
    }
  }

  private static String address(Path file, JsonNode json, String contract) {
    String address = json.path(contract).asText();
    if (!address.matches("0x[0-9a-fA-F]+")) {
      throw new IllegalStateException(file + " names no " + contract + " contract");
    }
    return address;
  }

  /** Writes the file whole or not at all. */
  public void write(Path file) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("chainId", chainId);
    json.put("firstBlock", firstBlock);
    json.put("verifier", contracts.verifier());
    json.put("registry", contracts.registry());
    json.put("dispute", contracts.dispute());
    json.put("oracle", contracts.oracle());
    json.put("receipts", contracts.receipts());
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Path draft = file.resolveSibling(file.getFileName() + ".draft");
      Files.writeString(draft, Json.write(json));
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " can't be written", e);
    }
  }

  /**
   * Whether {@code chain} is the chain of this deployment: it has the contracts. Block 0 tells
   * nothing: a development node makes another one each time it takes up its state.
   */
  public boolean isOn(Chain chain) {
    return chain.chainId() == chainId
        && chain.code(contracts.dispute()).length > 0
        && chain.code(contracts.receipts()).length > 0;
  }
}
