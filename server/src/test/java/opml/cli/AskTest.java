package opml.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.catalog.Progress;
import opml.chain.Contracts;
import opml.outbox.Deployed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AskTest {
  @TempDir Path home;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final PrintStream before = System.out;

  @BeforeEach
  void redirect() {
    System.setProperty("opml.home", home.toString());
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setOut(before);
    System.clearProperty("opml.home");
  }

  private JsonNode json(String... arguments) throws IOException {
    out.reset();
    assertEquals(0, Main.run(arguments));
    return Out.JSON.readTree(out.toByteArray());
  }

  @Test
  void anAnswerIsReportedWholeAndTheSameForAnyNumberOfThreads() throws IOException {
    JsonNode one =
        json("ask", "What is 2 + 3?", "--model", "opml-tiny", "--threads", "1", "--json");
    JsonNode two =
        json("ask", "What is 2 + 3?", "--model", "opml-tiny", "--threads", "2", "--json");
    assertTrue(one.get("promptTokens").size() > 0);
    assertTrue(one.get("completionTokens").size() > 0);
    assertEquals("stop", one.get("finishReason").asText());
    assertTrue(one.get("modelId").isNull(), "no chain is known here");
    assertTrue(one.get("receipt").isNull());
    assertEquals(one.get("text"), two.get("text"));
    assertEquals(one.get("completionTokens"), two.get("completionTokens"));
  }

  @Test
  void theModelIdIsThatOfTheDeployedVerifier() throws IOException {
    Contracts contracts = new Contracts("0x" + "ab".repeat(20), "0x1", "0x2", "0x3", "0x4");
    new Deployed(1, 0, contracts).write(home.resolve("chain/deployment.json"));
    JsonNode told = json("ask", "Hi", "--model", "opml-tiny", "--max-tokens", "1", "--json");
    try (ModelImage image = ModelStore.standard().open("opml-tiny", Progress.NONE)) {
      byte[] verifier = HexFormat.of().parseHex("ab".repeat(20));
      String id = HexFormat.of().formatHex(image.modelId(verifier));
      assertEquals("0x" + id, told.get("modelId").asText());
    }
  }

  @Test
  void aStaleServerFileIsNoServer() throws IOException {
    Files.writeString(
        home.resolve("server.json"), "{\"url\":\"http://127.0.0.1:1\",\"pid\":2147483646}");
    JsonNode told = json("ask", "Hi", "--model", "opml-tiny", "--max-tokens", "1", "--json");
    assertTrue(told.get("receipt").isNull());
  }

  @Test
  void samplingFollowsItsSeed() throws IOException {
    String[] arguments = {
      "ask",
      "Tell me a tale.",
      "--model",
      "opml-tiny",
      "--temperature",
      "1.5",
      "--seed",
      "7",
      "--max-tokens",
      "24",
      "--json"
    };
    JsonNode first = json(arguments);
    assertEquals(first.get("completionTokens"), json(arguments).get("completionTokens"));
    arguments[7] = "8";
    assertTrue(!first.get("completionTokens").equals(json(arguments).get("completionTokens")));
  }

  @Test
  void aPromptFileGivesWhatThePromptGives() throws IOException {
    Path file = Files.writeString(home.resolve("prompt.txt"), "What is 4 + 4?");
    JsonNode text = json("ask", "What is 4 + 4?", "--model", "opml-tiny", "--json");
    JsonNode same = json("ask", "--prompt-file", file.toString(), "--model", "opml-tiny", "--json");
    assertEquals(text.get("promptTokens"), same.get("promptTokens"));
  }

  @Test
  void wrongUseIsCodeTwo() {
    assertEquals(2, Main.run("ask", "--model", "opml-tiny"));
    assertEquals(2, Main.run("ask", "x", "--model", "opml-tiny", "--max-tokens", "0"));
    assertEquals(2, Main.run("ask", "x", "--model", "missing.gguf"));
    assertEquals(2, Main.run("ask", "x", "--server", "localhost"));
    assertEquals(1, Main.run("ask", "x", "--server", "http://127.0.0.1:1"));
    assertEquals(2, Main.run("nonsense"));
  }

  @Test
  void whatIsWrongIsNamed() {
    assertSaid("--temperature is -1.0", "ask", "x", "--temperature", "-1");
    assertSaid("--temperature is NaN", "ask", "x", "--temperature", "NaN");
    assertSaid("--top-k is 65", "ask", "x", "--top-k", "65");
    assertSaid("--top-p is 0.0", "ask", "x", "--top-p", "0");
    assertSaid("there is no model nothing: import", "ask", "x", "--model", "nothing");
    assertSaid("gone.txt is not there", "ask", "--prompt-file", "gone.txt");
    assertSaid("/dev/zero is longer than the 32731 bytes", "ask", "--prompt-file", "/dev/zero");
    assertSaid("the prompt has 40000 bytes", "ask", "x".repeat(40000));
    assertSaid("the prompt is empty", "ask", "");
    String[] perplexity = {"perplexity", "--model", "opml-tiny", "--text", "gone.txt"};
    assertSaid("gone.txt is not there", perplexity);
  }

  private static void assertSaid(String words, String... arguments) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      assertEquals(2, Main.run(arguments));
    } finally {
      System.setErr(before);
    }
    String said = err.toString(StandardCharsets.UTF_8);
    assertTrue(said.contains(words), said);
  }

  @Test
  void aModelIsMeasuredWhenItIsImportedAndShownWhole() throws IOException {
    JsonNode shown = json("model", "show", "opml-tiny", "--json");
    assertTrue(shown.get("gate").get("passed").asBoolean(), shown.toString());
    assertTrue(shown.get("gate").get("positions").asInt() > 100, shown.toString());
    for (String root : new String[] {"weightsRoot", "codeRoot"}) {
      assertTrue(shown.get(root).asText().matches("0x[0-9a-f]{64}"), root);
    }
    assertEquals(64, shown.get("sha256").asText().length());
    assertEquals("Apache-2.0", shown.get("licence").asText());
  }

  @Test
  void aModelOfImagesHasNoWords() throws IOException {
    JsonNode digits = json("model", "import", "opml-digits", "--json");
    assertTrue(digits.path("gate").isMissingNode());
    assertEquals(2, Main.run("ask", "x", "--model", "opml-digits"));
    assertEquals(2, Main.run("model", "gate", "opml-digits"));
  }

  @Test
  void theGateOfTheTinyModelIsPassedAndKept() throws IOException {
    JsonNode gate = json("model", "gate", "opml-tiny", "--json");
    assertTrue(gate.get("meanKl").asDouble() <= 1e-5, gate.toString());
    assertTrue(gate.get("passed").asBoolean(), gate.toString());
    assertEquals(gate, json("model", "show", "opml-tiny", "--json").get("gate"));
  }

  @Test
  void perplexityScoresTheSecondHalvesOfWholeChunks() throws IOException {
    Path text = home.resolve("text.txt");
    Files.writeString(text, "The capital of France is Paris. ".repeat(40));
    JsonNode p =
        json(
            "perplexity",
            "--model",
            "opml-tiny",
            "--text",
            text.toString(),
            "--context",
            "64",
            "--json");
    int chunks = p.get("tokens").asInt() / 64;
    assertTrue(chunks > 1);
    assertEquals(chunks * 31, p.get("scored").asInt());
    double value = p.get("perplexity").asDouble();
    assertTrue(value > 1 && value < 1e6, "" + value);
  }
}
