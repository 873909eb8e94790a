package opml.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What {@code ask} reports.
 *
 * @param finishReason lower case
 * @param modelId 0x hex, or null where no deployed verifier is known
 * @param receipt JSON of the receipt, or null when nothing was committed
 */
record Reply(
    String text,
    int[] promptTokens,
    int[] completionTokens,
    String finishReason,
    double tokensPerSecond,
    String modelId,
    JsonNode receipt) {
  private static final int ERROR_ANSWER = 4;

  /** Prints the report; returns the exit code. */
  int print(boolean json) throws IOException {
    if (json) {
      if (modelId == null) {
        System.err.println(
            "modelId is null: it names the verifier of a chain, which `opml start` deploys.");
      }
      Map<String, Object> out = new LinkedHashMap<>();
      out.put("text", text);
      out.put("promptTokens", promptTokens);
      out.put("completionTokens", completionTokens);
      out.put("finishReason", finishReason);
      out.put("tokensPerSecond", Math.round(tokensPerSecond * 10) / 10.0);
      out.put("modelId", modelId);
      out.put("receipt", receipt);
      Out.json(out);
    } else {
      System.out.println();
      System.err.printf(
          Locale.ROOT,
          "%s, %d prompt and %d answer tokens, %.1f tokens/s%n",
          Out.shown(finishReason),
          promptTokens.length,
          completionTokens.length,
          tokensPerSecond);
      if (receipt != null) {
        String id = receipt.path("id").asText();
        System.err.println(Out.shown("receipt " + id + " at " + receipt.path("page").asText()));
      }
    }
    boolean answered = finishReason.equals("stop") || finishReason.equals("length");
    return answered ? 0 : ERROR_ANSWER;
  }
}
