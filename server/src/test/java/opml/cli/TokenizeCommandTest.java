package opml.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import opml.catalog.ModelStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Token ids against those of the reference implementation: files of text, plain ids and ids with
 * special tokens.
 */
class TokenizeCommandTest {
  private static final String LARGE = "SmolLM2-135M-Instruct";
  private static final ObjectMapper JSON = new ObjectMapper();
  private final StringWriter errors = new StringWriter();

  @Test
  void theSmallModelHasTheTokensOfTheReference(@TempDir Path home) throws IOException {
    inHome(home, () -> compare("opml-tiny", "opml-tiny-tokens.json"));
  }

  /** Needs the model in the user's store; it is not fetched for this. */
  @Test
  void theLargeModelHasTheTokensOfTheReference() throws IOException {
    assumeTrue(ModelStore.standard().has(LARGE), "not imported: " + LARGE);
    compare(LARGE, "smollm2-tokens.json");
  }

  @Test
  void inputThatIsNoArrayOfTextsIsRefused(@TempDir Path home) throws IOException {
    inHome(
        home,
        () -> {
          for (String input :
              new String[] {"", "{}", "[", "[[]]", "[null]", "[\"\\ud800\"]", "[\"a\\udc00\"]"}) {
            errors.getBuffer().setLength(0);
            assertNotEquals(
                0, run(input, new StringWriter(), "--model", "opml-tiny", "--json"), input);
            assertTrue(
                errors.toString().contains("standard input")
                    || errors.toString().contains("element 0"));
          }
        });
  }

  private void compare(String model, String file) throws IOException {
    JsonNode goldens = JSON.readTree(TokenizeCommandTest.class.getResourceAsStream(file));
    ArrayNode texts = JSON.createArrayNode();
    goldens.forEach(golden -> texts.add(golden.get("text")));
    for (boolean special : new boolean[] {false, true}) {
      StringWriter out = new StringWriter();
      String[] arguments =
          special
              ? new String[] {"--model", model, "--json", "--special"}
              : new String[] {"--model", model, "--json"};
      assertEquals(0, run(texts.toString(), out, arguments), errors::toString);
      JsonNode found = JSON.readTree(out.toString());
      assertEquals(goldens.size(), found.size());
      for (int i = 0; i < found.size(); i++) {
        JsonNode golden = goldens.get(i);
        assertEquals(
            golden.get(special ? "special" : "plain"), found.get(i), golden.get("text").asText());
      }
    }
  }

  private int run(String input, StringWriter out, String... arguments) {
    var command =
        new TokenizeCommand(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    return new CommandLine(command)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(errors))
        .execute(arguments);
  }

  private interface Check {
    void run() throws IOException;
  }

  private static void inHome(Path home, Check check) throws IOException {
    String before = System.getProperty("opml.home");
    System.setProperty("opml.home", home.toString());
    try {
      check.run();
    } finally {
      if (before == null) {
        System.clearProperty("opml.home");
      } else {
        System.setProperty("opml.home", before);
      }
    }
  }
}
