package opml.launch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The Quarkus server as a child process; settings travel in its environment, so keys stay out of
 * ps.
 */
public final class Server implements AutoCloseable {
  private static final int START_SECONDS = 120;
  private static final String VECTOR_API = "WARNING: Using incubator modules: ";

  private final Process process;

  private Server(Process process) {
    this.process = process;
  }

  /**
   * Starts the server.
   *
   * @param root folder of the checkout, or of an unpacked distribution
   * @param settings configuration properties by name
   */
  public static Server start(Path root, Map<String, String> settings) {
    Path jar = root.resolve("server/target/quarkus-app/quarkus-run.jar");
    if (!Files.exists(jar)) {
      throw new IllegalStateException(jar + " is missing: run ./opml build");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + root.resolve("server/src/main/jvm/opml.args"));
    command.add("-jar");
    command.add(jar.toString());
    ProcessBuilder builder =
        new ProcessBuilder(command).inheritIO().redirectError(ProcessBuilder.Redirect.PIPE);
    settings.forEach((name, value) -> builder.environment().put(variable(name), value));
    try {
      Process process = builder.start();
      Thread.ofVirtual().start(() -> passErrors(process));
      return new Server(process);
    } catch (IOException e) {
      throw new UncheckedIOException("the server did not start", e);
    }
  }

  /** All that it says on standard error, but for the JVM's line about the Vector API. */
  private static void passErrors(Process process) {
    try (BufferedReader errors = process.errorReader()) {
      for (String line = errors.readLine(); line != null; line = errors.readLine()) {
        if (!line.startsWith(VECTOR_API)) {
          System.err.println(line);
        }
      }
    } catch (IOException e) {
      // It has ended.
    }
  }

  /** The environment variable of a property. */
  static String variable(String property) {
    return property.toUpperCase(java.util.Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }

  /** Waits until {@code address} answers; false when the process ends first. */
  public boolean await(String address) throws InterruptedException {
    for (int i = 0; i < START_SECONDS * 10; i++) {
      if (!process.isAlive()) {
        return false;
      }
      if (answers(address)) {
        return true;
      }
      Thread.sleep(100);
    }
    return false;
  }

  static boolean answers(String address) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(address).toURL().openConnection();
      connection.setConnectTimeout(1000);
      connection.setReadTimeout(5000);
      return connection.getResponseCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Waits for the end; returns the exit status. */
  public int waitFor() throws InterruptedException {
    return process.waitFor();
  }

  /** Ends the process without warning, as a power cut would. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
