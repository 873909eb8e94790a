package opml.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** Answers through a server: the answer is committed, its receipt is the server's word. */
final class ServedAnswer {
  private static final int TRIES = 5;
  private static final int PAUSE_MILLIS = 1000;

  private final ServerClient server;
  private final Consumer<String> pieces;
  private String id;
  private String stopToken;
  private String seen;
  private JsonNode end;

  /**
   * @param pieces gets the text as it grows
   */
  ServedAnswer(ServerClient server, Consumer<String> pieces) {
    this.server = server;
    this.pieces = pieces;
  }

  /** Asks and waits for the end. A command that is stopped before stops the prompt too. */
  Reply ask(Question question, String model) throws IOException {
    JsonNode accepted = server.post("/api/prompts", body(question, model));
    id = accepted.path("id").asText();
    stopToken = accepted.path("stopToken").asText();
    Thread stop = new Thread(this::cancel, "opml-cancel");
    Runtime.getRuntime().addShutdownHook(stop);
    // A stream that was cut is asked for again, as long as it brings something new.
    Allowance allowance = server.prompt();
    for (int idle = 0; end == null; ) {
      String before = seen;
      try {
        follow(allowance);
      } catch (IOException e) {
        idle = Objects.equals(before, seen) ? idle + 1 : 0;
        if (idle == TRIES
            || e instanceof Allowance.Spent
            || idle > 0 && e instanceof BoundedStream.Silent) {
          throw new IOException(left(e), e);
        }
        pause();
      }
    }
    Runtime.getRuntime().removeShutdownHook(stop);
    return reply();
  }

  /** A server that is restarting, or has too many streams, is given time. */
  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the server did not answer", e);
    }
  }

  private String left(IOException why) {
    return "no answer to prompt "
        + id
        + " came ("
        + why.getMessage()
        + "): ask again when the server is well, or with --server none; "
        + server.url()
        + "/api/prompts/"
        + id
        + " tells what became of it";
  }

  private static Map<String, Object> body(Question question, String model) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("model", model);
    if (question.raw()) {
      body.put("prompt", question.text());
    } else {
      body.put("messages", List.of(Map.of("role", "user", "content", question.text())));
    }
    body.put("maxTokens", question.maxTokens());
    body.put("temperature", question.temperature());
    body.put("topK", question.topK() == 0 ? null : question.topK());
    body.put("topP", question.topP());
    body.put("seed", Long.toUnsignedString(question.seed()));
    return body;
  }

  private void cancel() {
    if (end == null) {
      try {
        server.stop("/api/prompts/" + id, stopToken);
      } catch (IOException | RuntimeException e) {
        // it ends by itself
      }
    }
  }

  /** Reads events from the last one seen; a stream may end early and is asked for again. */
  private void follow(Allowance allowance) throws IOException {
    String path = "/api/prompts/" + id + "/events";
    try (InputStream stream = server.stream(path, seen, allowance);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      String event = "";
      for (String line; end == null && (line = lines.readLine()) != null; ) {
        if (line.startsWith("id: ")) {
          seen = line.substring(4);
        } else if (line.startsWith("event: ")) {
          event = line.substring(7);
        } else if (line.startsWith("data: ")) {
          take(event, Out.JSON.readTree(line.substring(6)));
        }
      }
    }
    if (end == null) {
      throw new IOException("it ended without an answer");
    }
  }

  private void take(String event, JsonNode data) {
    if (event.equals("token")) {
      pieces.accept(data.path("text").asText());
    } else if (event.equals("done")) {
      end = data;
    }
  }

  private Reply reply() throws IOException {
    if (!end.path("status").asText().equals("DONE")) {
      throw new IOException(
          "prompt "
              + id
              + " is "
              + end.path("status").asText()
              + ": "
              + end.path("error").asText());
    }
    JsonNode all = server.get("/api/receipts/" + end.path("receiptId").asText());
    ObjectNode receipt = all.deepCopy();
    receipt.remove(List.of("input", "output", "text", "finishReason"));
    receipt.remove(List.of("promptTokens", "completionTokens", "modelId"));
    String path = "/receipts/" + end.path("receiptId").asText();
    receipt.put("url", server.url() + "/api" + path);
    receipt.put("page", server.url() + path);
    return new Reply(
        end.path("text").asText(),
        Out.JSON.convertValue(end.path("promptTokenIds"), int[].class),
        Out.JSON.convertValue(end.path("completionTokenIds"), int[].class),
        end.path("finishReason").asText(),
        end.path("tokensPerSecond").asDouble(),
        all.path("modelId").asText(),
        receipt);
  }
}
