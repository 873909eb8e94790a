package opml.launch;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * PostgreSQL from its embedded binaries, on loopback, with its data in a folder that stays.
 *
 * <p>A server that a killed launcher left behind is found by its postmaster.pid and used again.
 */
public final class Database implements AutoCloseable {
  private final EmbeddedPostgres process; // null when an earlier one is used
  private final long pid; // of the earlier one
  private final int port;

  private Database(EmbeddedPostgres process, long pid, int port) {
    this.process = process;
    this.pid = pid;
    this.port = port;
  }

  /**
   * Starts the database in {@code folder}, or takes the one that runs there.
   *
   * @param folder its data; made when absent
   */
  public static Database start(Path folder) {
    Database running = running(folder);
    if (running != null) {
      return running;
    }
    try {
      Files.createDirectories(folder.toAbsolutePath().getParent());
      EmbeddedPostgres process =
          EmbeddedPostgres.builder()
              .setDataDirectory(folder)
              .setCleanDataDirectory(false)
              .setOverrideWorkingDirectory(folder.resolveSibling("postgres").toFile())
              .setServerConfig("listen_addresses", "127.0.0.1")
              .setServerConfig("max_connections", "100")
              // The embedded form is made for tests and would lose what was committed last.
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              // A hook of its own would run beside the launcher's, while the server still writes.
              .setRegisterShutdownHook(false)
              .setPGStartupWait(Duration.ofSeconds(60))
              .start();
      return new Database(process, 0, process.getPort());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "PostgreSQL did not start in " + folder + "; give another one by --database-url", e);
    }
  }

  /** JDBC address, user and password included: they are worth nothing outside this machine. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&password=postgres";
  }

  private static Database running(Path folder) {
    Path file = folder.resolve("postmaster.pid");
    try {
      if (!Files.exists(file)) {
        return null;
      }
      List<String> lines = Files.readAllLines(file); // pid, folder, start time, port, …
      int port = lines.size() > 3 ? Integer.parseInt(lines.get(3).strip()) : 0;
      Database found = new Database(null, Long.parseLong(lines.getFirst().strip()), port);
      DriverManager.getConnection(found.url()).close();
      return found;
    } catch (IOException | NumberFormatException | SQLException e) {
      return null; // a stale file: PostgreSQL clears it up itself
    }
  }

  @Override
  public void close() {
    try {
      if (process == null) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
      } else {
        process.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL did not stop", e);
    }
  }
}
