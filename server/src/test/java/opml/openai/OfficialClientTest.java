package opml.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import opml.world.World;
import org.junit.jupiter.api.Test;

/**
 * OpenAI's Python client against this server. It is installed once, into target; where Python or
 * the package can't be had, the test says so and is skipped.
 */
@QuarkusTest
@QuarkusTestResource(World.class)
class OfficialClientTest {
  private static final String PACKAGE = "openai==3.54.0";
  private static final Path FOLDER = Path.of("target/openai-client").toAbsolutePath();
  private static final Path PYTHON = FOLDER.resolve("bin/python");

  @TestHTTPResource URI address;

  @Test
  void theClientGetsWhatItExpects() throws Exception {
    install();
    String base = "http://" + address.getAuthority();
    Path script = Path.of("src/test/resources/opml/openai/client.py").toAbsolutePath();
    Outcome outcome = run(120, PYTHON.toString(), script.toString(), base);
    assertEquals(0, outcome.status(), outcome.text());
    assertTrue(outcome.text().lines().count() > 40, outcome.text());
  }

  private static void install() throws Exception {
    Path done = FOLDER.resolve(PACKAGE);
    if (Files.exists(done)) {
      return;
    }
    Outcome made = run(60, "python3", "-m", "venv", FOLDER.toString());
    assumeTrue(made.status() == 0, "no Python with venv here: " + made.text());
    Outcome got =
        run(240, PYTHON.toString(), "-m", "pip", "install", "--disable-pip-version-check", PACKAGE);
    assumeTrue(got.status() == 0, "pip can't get " + PACKAGE + ": " + got.text());
    Files.createFile(done);
  }

  private record Outcome(int status, String text) {}

  private static Outcome run(int seconds, String... command) throws InterruptedException {
    try {
      File log = File.createTempFile("opml-client", ".log");
      Process process =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
      boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
      process.destroyForcibly();
      String text = Files.readString(log.toPath(), StandardCharsets.UTF_8);
      Files.delete(log.toPath());
      return new Outcome(ended ? process.exitValue() : -1, text);
    } catch (IOException e) {
      return new Outcome(-1, e.getMessage());
    }
  }
}
