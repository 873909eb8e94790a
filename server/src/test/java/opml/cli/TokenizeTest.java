package opml.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import opml.world.LargeModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Token ids against those of the reference implementation: files of text, plain ids and ids with
 * special tokens.
 */
class TokenizeTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void theSmallModelHasTheTokensOfTheReference(@TempDir Path home) throws IOException {
    inHome(home, () -> compare("opml-tiny", "opml-tiny-tokens.json"));
  }

  @Test
  void theLargeModelHasTheTokensOfTheReference() throws IOException {
    inHome(LargeModel.home(), () -> compare(LargeModel.NAME, "smollm2-tokens.json"));
  }

  @Test
  void inputThatIsNoArrayOfTextsIsRefused(@TempDir Path home) throws IOException {
    String[] inputs = {
      "", "{}", "[", "null", "[\"a\"] x", "[[]]", "[null]", "[\"\\ud800\"]", "[\"a\\udc00\"]"
    };
    inHome(
        home,
        () -> {
          for (String input : inputs) {
            assertEquals(2, run(input, new ByteArrayOutputStream(), "--model", "opml-tiny"), input);
          }
        });
  }

  private static void compare(String model, String file) throws IOException {
    JsonNode goldens = JSON.readTree(TokenizeTest.class.getResourceAsStream(file));
    ArrayNode texts = JSON.createArrayNode();
    goldens.forEach(golden -> texts.add(golden.get("text")));
    for (String kind : new String[] {"plain", "special"}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      String more = kind.equals("special") ? "--special" : "--json";
      assertEquals(0, run(texts.toString(), out, "--model", model, "--json", more));
      JsonNode found = JSON.readTree(out.toByteArray());
      assertEquals(goldens.size(), found.size());
      for (int i = 0; i < found.size(); i++) {
        JsonNode golden = goldens.get(i);
        assertEquals(golden.get(kind), found.get(i), golden.get("text").asText());
      }
    }
  }

  private static int run(String input, ByteArrayOutputStream output, String... arguments) {
    InputStream in = System.in;
    PrintStream out = System.out;
    System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    try {
      return Main.run(
          Stream.concat(Stream.of("tokenize"), Stream.of(arguments))
              .distinct()
              .toArray(String[]::new));
    } finally {
      System.setIn(in);
      System.setOut(out);
    }
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
