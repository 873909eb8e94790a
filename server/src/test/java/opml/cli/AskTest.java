package opml.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.catalog.Progress;
import opml.chain.Contracts;
import opml.outbox.Deployed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AskTest {
  @RegisterExtension final Terminal terminal = new Terminal();

  @Test
  void anAnswerIsReportedWholeAndTheSameForAnyNumberOfThreads() throws IOException {
    JsonNode one =
        terminal.json("ask", "What is 2 + 3?", "--model", "opml-tiny", "--threads", "1", "--json");
    JsonNode two =
        terminal.json("ask", "What is 2 + 3?", "--model", "opml-tiny", "--threads", "2", "--json");
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
    new Deployed(1, 0, contracts).write(terminal.home().resolve("chain/deployment.json"));
    JsonNode told =
        terminal.json("ask", "Hi", "--model", "opml-tiny", "--max-tokens", "1", "--json");
    try (ModelImage image = ModelStore.standard().open("opml-tiny", Progress.NONE)) {
      byte[] verifier = HexFormat.of().parseHex("ab".repeat(20));
      String id = HexFormat.of().formatHex(image.modelId(verifier));
      assertEquals("0x" + id, told.get("modelId").asText());
    }
  }

  @Test
  void anAnswerDoesNotSteerTheTerminal() {
    assertEquals(
        "a\ufffd]52;c;eA==\ufffd\n\tb\ufffd[2J",
        Out.shown("a\u001b]52;c;eA==\u0007\n\tb\u009b[2J"));
    assertEquals("Größe, 你好 👍🏽", Out.shown("Größe, 你好 👍🏽"));
  }

  @Test
  void whatAServerSaysOfItsAnswerDoesNotSteerTheTerminal() throws IOException {
    JsonNode receipt = Out.JSON.valueToTree(Map.of("id", "0x\u001b[2J", "page", "a\u009b2Jb"));
    new Reply("", new int[0], new int[0], "stop\u001b[1A", 1, null, receipt).print(false);
    assertTrue(terminal.err().contains("receipt 0x"), terminal.err());
    assertFalse(terminal.err().matches("(?s).*[\u001b\u009b].*"), terminal.err());
  }

  @Test
  void aStaleServerFileIsNoServer() throws IOException {
    Files.writeString(
        terminal.home().resolve("server.json"),
        "{\"url\":\"http://127.0.0.1:1\",\"pid\":2147483646}");
    JsonNode told =
        terminal.json("ask", "Hi", "--model", "opml-tiny", "--max-tokens", "1", "--json");
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
    JsonNode first = terminal.json(arguments);
    assertEquals(first.get("completionTokens"), terminal.json(arguments).get("completionTokens"));
    arguments[7] = "18446744073709551615";
    JsonNode largest = terminal.json(arguments).get("completionTokens");
    arguments[7] = "-1";
    assertEquals(largest, terminal.json(arguments).get("completionTokens"), "the same 64 bits");
    arguments[7] = "8";
    assertTrue(
        !first.get("completionTokens").equals(terminal.json(arguments).get("completionTokens")));
  }

  @Test
  void aPromptFileGivesWhatThePromptGives() throws IOException {
    Path file = Files.writeString(terminal.home().resolve("prompt.txt"), "What is 4 + 4?");
    JsonNode text = terminal.json("ask", "What is 4 + 4?", "--model", "opml-tiny", "--json");
    JsonNode same =
        terminal.json("ask", "--prompt-file", file.toString(), "--model", "opml-tiny", "--json");
    assertEquals(text.get("promptTokens"), same.get("promptTokens"));
  }

  @Test
  void wrongUseIsCodeTwo() {
    assertEquals(2, terminal.run("ask", "--model", "opml-tiny"));
    assertEquals(2, terminal.run("ask", "x", "--model", "opml-tiny", "--max-tokens", "0"));
    assertEquals(2, terminal.run("ask", "x", "--model", "missing.gguf"));
    assertEquals(2, terminal.run("ask", "x", "--server", "localhost"));
    assertEquals(1, terminal.run("ask", "x", "--server", "http://127.0.0.1:1"));
    assertEquals(2, terminal.run("nonsense"));
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

  private void assertSaid(String words, String... arguments) {
    String said = terminal.refused(2, arguments);
    assertTrue(said.contains(words), said);
  }

  @Test
  void aModelIsMeasuredWhenItIsImportedAndShownWhole() throws IOException {
    JsonNode shown = terminal.json("model", "show", "opml-tiny", "--json");
    assertTrue(shown.get("gate").get("passed").asBoolean(), shown.toString());
    assertTrue(shown.get("gate").get("positions").asInt() > 100, shown.toString());
    for (String root : new String[] {"weightsRoot", "codeRoot"}) {
      assertTrue(shown.get(root).asText().matches("0x[0-9a-f]{64}"), root);
    }
    assertEquals(64, shown.get("sha256").asText().length());
    assertEquals("Apache-2.0", shown.get("licence").asText());
  }

  @Test
  void whatModelCommandsDoIsToldAsJson() throws IOException {
    String file = terminal.home().resolve("tiny.gguf").toString();
    String[] synth = {
      "model", "synth", "--shape", "tiny", "--type", "Q8_0", "--out", file, "--json"
    };
    JsonNode made = terminal.json(synth);
    assertEquals(file, made.get("file").asText());
    assertEquals(Files.size(Path.of(file)), made.get("bytes").asLong());
    JsonNode root = terminal.json("model", "root", file, "--json");
    JsonNode imported =
        terminal.json("model", "import", file, "--name", "synthetic", "--no-gate", "--json");
    for (String field : new String[] {"weightsRoot", "sha256", "form"}) {
      assertEquals(imported.get(field), root.get(field), field);
    }
    JsonNode removed = terminal.json("model", "remove", "synthetic", "--json");
    assertEquals("synthetic", removed.get("name").asText());
    assertTrue(removed.get("removed").asBoolean());
  }

  @Test
  void aModelOfImagesHasNoWords() throws IOException {
    JsonNode digits = terminal.json("model", "import", "opml-digits", "--json");
    assertTrue(digits.path("gate").isMissingNode());
    assertEquals(2, terminal.run("ask", "x", "--model", "opml-digits"));
    assertEquals(2, terminal.run("model", "gate", "opml-digits"));
  }

  @Test
  void theGateOfTheTinyModelIsPassedAndKept() throws IOException {
    JsonNode gate = terminal.json("model", "gate", "opml-tiny", "--json");
    assertTrue(gate.get("meanKl").asDouble() <= 1e-5, gate.toString());
    assertTrue(gate.get("passed").asBoolean(), gate.toString());
    assertEquals(gate, terminal.json("model", "show", "opml-tiny", "--json").get("gate"));
  }

  @Test
  void perplexityScoresTheSecondHalvesOfWholeChunks() throws IOException {
    Path text = terminal.home().resolve("text.txt");
    Files.writeString(text, "The capital of France is Paris. ".repeat(40));
    JsonNode p =
        terminal.json(
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
