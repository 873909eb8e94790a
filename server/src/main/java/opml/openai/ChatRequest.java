package opml.openai;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import opml.http.Problem;
import opml.prompt.Submission;

/**
 * A chat completion request. Fields of the interface that would change the answer and that we don't
 * have are refused by name; others are ignored.
 *
 * @param topK ours beside OpenAI's fields: 1 to 64
 */
record ChatRequest(
    String model,
    List<Turn> messages,
    @JsonProperty("max_tokens") @JsonAlias("max_completion_tokens") Integer maxTokens,
    Double temperature,
    @JsonProperty("top_p") Double topP,
    @JsonProperty("top_k") Integer topK,
    JsonNode seed,
    Boolean stream,
    @JsonProperty("stream_options") StreamOptions streamOptions,
    Integer n,
    JsonNode stop,
    JsonNode tools,
    JsonNode logprobs,
    @JsonProperty("response_format") JsonNode responseFormat,
    @JsonProperty("frequency_penalty") Double frequencyPenalty,
    @JsonProperty("presence_penalty") Double presencePenalty,
    @JsonProperty("logit_bias") JsonNode logitBias) {
  record StreamOptions(@JsonProperty("include_usage") Boolean includeUsage) {}

  /** One message; content is text or a list of text parts. */
  record Turn(String role, JsonNode content) {
    String text() {
      if (content == null || content.isNull()) {
        return null;
      }
      if (content.isTextual()) {
        return content.textValue();
      }
      StringBuilder text = new StringBuilder();
      for (JsonNode part : content) {
        if (!"text".equals(part.path("type").asText()) || !part.path("text").isTextual()) {
          throw Problem.invalid("messages", "Only parts of type text can be read.");
        }
        text.append(part.path("text").textValue());
      }
      return text.toString();
    }
  }

  boolean streamed() {
    return Boolean.TRUE.equals(stream);
  }

  boolean usage() {
    return streamOptions != null && Boolean.TRUE.equals(streamOptions.includeUsage());
  }

  Submission submission() {
    refuse("n", n != null && n != 1);
    refuse("stop", given(stop));
    refuse("tools", given(tools));
    refuse("logprobs", given(logprobs) && !(logprobs.isBoolean() && !logprobs.booleanValue()));
    refuse("response_format", given(responseFormat) && !plain(responseFormat));
    refuse("frequency_penalty", frequencyPenalty != null && frequencyPenalty != 0);
    refuse("presence_penalty", presencePenalty != null && presencePenalty != 0);
    refuse("logit_bias", given(logitBias));
    List<Submission.Message> turns = new ArrayList<>();
    for (Turn turn : messages == null ? List.<Turn>of() : messages) {
      turns.add(turn == null ? null : new Submission.Message(turn.role(), turn.text()));
    }
    return new Submission(model, turns, null, maxTokens, temperature, topK, topP, seed);
  }

  private static boolean plain(JsonNode format) {
    return "text".equals(format.path("type").asText());
  }

  private static boolean given(JsonNode value) {
    return value != null && !value.isNull() && !(value.isContainerNode() && value.isEmpty());
  }

  private static void refuse(String name, boolean used) {
    if (used) {
      String detail = name + " is not supported here: leave it out.";
      throw new Problem(400, "unsupported-field", "Unsupported field", detail, name);
    }
  }
}
