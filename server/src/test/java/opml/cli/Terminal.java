package opml.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import opml.world.Folder;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs commands with an OPML_HOME of their own and keeps what they print. */
final class Terminal implements BeforeEachCallback, AfterEachCallback {
  private static final String HOME = "opml.home";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final PrintStream outBefore = System.out;
  private final PrintStream errBefore = System.err;
  private Path home;

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    home = Files.createTempDirectory("opml-cli");
    System.setProperty(HOME, home.toString());
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    System.setOut(outBefore);
    System.setErr(errBefore);
    System.clearProperty(HOME);
    Folder.delete(home);
  }

  Path home() {
    return home;
  }

  int run(String... arguments) {
    out.reset();
    err.reset();
    return Main.run(arguments);
  }

  /** What the last command printed on standard error. */
  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /** What a command that ends well prints: one JSON value. */
  JsonNode json(String... arguments) throws IOException {
    assertEquals(0, run(arguments), () -> String.join(" ", arguments) + ": " + err());
    return Out.JSON.readTree(out());
  }

  /** Runs a command that is refused; what it says of it. */
  String refused(int code, String... arguments) {
    assertEquals(code, run(arguments), () -> String.join(" ", arguments) + ": " + err());
    assertFalse(err().contains("\tat "), err());
    return err();
  }
}
