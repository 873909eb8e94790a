package opml.launch;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import opml.http.Json;

/**
 * The server of this home folder, as {@code server.json} there names it. The file says where the
 * server is and no more: it opens nothing that the address alone does not.
 *
 * @param url address without a path
 * @param pid its process
 */
public record RunningServer(String url, long pid) {
  private static final String FILE = "server.json";

  /** What the file says if its process lives and answers; a stale file counts as none. */
  public static Optional<RunningServer> find(Path home) {
    return read(home).filter(RunningServer::lives);
  }

  /** Refuses to send transactions beside a server of this home: both would sign the same nonces. */
  public static void requireNone(Path home) {
    if (find(home).isPresent()) {
      throw new IllegalArgumentException(
          "a server runs here and sends transactions of the same account: stop it first");
    }
  }

  /** Whether the process exists and the address answers: not ready is not away. */
  private boolean lives() {
    boolean process = ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    return process && Server.answers(url + "/q/health/live");
  }

  private static Optional<RunningServer> read(Path home) {
    try {
      JsonNode json = Json.tree(Files.readString(home.resolve(FILE)));
      return Optional.of(new RunningServer(json.get("url").textValue(), json.get("pid").asLong()));
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // absent or damaged: nothing is lost by asking nobody
    }
  }

  /** Writes the file, whole or not at all. */
  void write(Path home) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("url", url);
    json.put("pid", pid);
    try {
      Files.createDirectories(home);
      Path draft = home.resolve(FILE + "." + pid);
      Files.writeString(draft, Json.write(json));
      Files.move(draft, home.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(home.resolve(FILE) + " can't be written", e);
    }
  }

  /** Removes the file if it is still about this server. */
  void remove(Path home) {
    try {
      if (read(home).filter(this::equals).isPresent()) {
        Files.deleteIfExists(home.resolve(FILE));
      }
    } catch (IOException e) {
      // a stale file is recognised as such
    }
  }
}
