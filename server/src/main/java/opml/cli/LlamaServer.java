package opml.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import opml.http.LocalPort;

/** llama.cpp's own server, built by the person who compares, on a loopback port of its own. */
final class LlamaServer implements AutoCloseable {
  private static final int START_SECONDS = 120;
  private static final int SLOT_CONTEXT = 1024;
  private static final int ANSWER_MINUTES = 10;
  private static final HttpResponse.BodyHandler<byte[]> BODY =
      HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), 8 << 20);

  private final Process process;
  private final String address;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Starts it with a place for each of some prompts, and waits until its model is loaded. */
  LlamaServer(Path program, String model, int threads, int slots) throws IOException {
    int port = LocalPort.free();
    address = "http://127.0.0.1:" + port;
    List<String> command =
        List.of(
            program.toString(),
            "-m",
            model,
            "-t",
            "" + threads,
            "-np",
            "" + slots,
            "-c",
            "" + slots * SLOT_CONTEXT,
            "--host",
            "127.0.0.1",
            "--port",
            "" + port);
    process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      await(program);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void await(Path program) throws IOException {
    HttpRequest health =
        HttpRequest.newBuilder(URI.create(address + "/health"))
            .timeout(Duration.ofSeconds(5))
            .build();
    for (int i = 0; i < START_SECONDS * 5; i++) {
      if (!process.isAlive()) {
        break;
      }
      try {
        Thread.sleep(200);
        if (http.send(health, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // it does not listen yet
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
    throw new IOException(program + " did not get ready: run it by hand to see why");
  }

  /** Answers a prompt greedily with exactly so many tokens; returns how many it says they were. */
  int answer(String prompt, int tokens)
      throws IOException, InterruptedException, ExecutionException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("prompt", prompt);
    body.put("n_predict", tokens);
    body.put("temperature", 0);
    body.put("ignore_eos", true);
    body.put("cache_prompt", false);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + "/completion"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Out.JSON.writeValueAsBytes(body)))
            .build();
    HttpResponse<byte[]> response;
    try {
      // the timeout of a request ends with the headers of its answer
      response = http.sendAsync(request, BODY).get(ANSWER_MINUTES, TimeUnit.MINUTES);
    } catch (TimeoutException e) {
      throw new IOException("llama-server takes more than " + ANSWER_MINUTES + " minutes", e);
    }
    JsonNode answer = Out.JSON.readTree(response.body());
    if (response.statusCode() != 200 || !answer.has("tokens_predicted")) {
      throw new IOException("llama-server answers " + response.statusCode() + ": " + answer);
    }
    return answer.get("tokens_predicted").asInt();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
