package opml.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** llama.cpp's own benchmark, built by the person who compares. */
record LlamaBench(Path program, String model, int threads) {
  /** Tokens of a prompt, or tokens generated after {@code depth} tokens of context. */
  record Work(int prompt, int generated, int depth) {}

  /** Tokens per second. */
  double speed(Work work) throws IOException {
    List<String> command =
        List.of(
            program.toString(),
            "-m",
            model,
            "-t",
            "" + threads,
            "-p",
            "" + work.prompt,
            "-n",
            "" + work.generated,
            "-d",
            "" + work.depth,
            "-r",
            "1",
            "-o",
            "json");
    Process p = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    JsonNode out = Out.JSON.readTree(p.getInputStream());
    if (!out.isArray() || out.isEmpty()) {
      throw new IOException(program + " printed no result: run it by hand to see why");
    }
    return out.get(0).get("avg_ts").asDouble();
  }
}
