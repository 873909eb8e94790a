package opml.openai;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import opml.http.Problem;
import opml.prompt.Submission;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A chat completion request. Fields that would change the answer and that we don't have are refused
 * by name, known or not; those that only label the request are ignored.
 *
 * @param messages roles system, developer, user and assistant; text, or parts of type text
 * @param maxTokens the older name of maxCompletionTokens
 * @param temperature 0 to 2; 0 (greedy) when left out, unlike OpenAI's 1
 * @param topK ours beside OpenAI's fields: 1 to 64
 * @param seed integer of 64 bits; the same request with the same seed gets the same answer
 * @param stop up to four texts; the answer shown ends before the first, the receipt covers all of
 *     it
 */
@JsonIgnoreProperties({
  "user",
  "metadata",
  "store",
  "service_tier",
  "safety_identifier",
  "prompt_cache_key",
  "prompt_cache_retention",
  "parallel_tool_calls"
})
record ChatRequest(
    String model,
    List<Turn> messages,
    @JsonProperty("max_tokens") Integer maxTokens,
    @JsonProperty("max_completion_tokens") Integer maxCompletionTokens,
    Double temperature,
    @JsonProperty("top_p") Double topP,
    @JsonProperty("top_k") Integer topK,
    @Schema(implementation = Long.class) JsonNode seed,
    Boolean stream,
    @JsonProperty("stream_options") StreamOptions streamOptions,
    Integer n,
    @Schema(oneOf = {String.class, String[].class}) JsonNode stop,
    @Schema(hidden = true) @JsonProperty("response_format") JsonNode responseFormat,
    @Schema(hidden = true) @JsonProperty("frequency_penalty") Double frequencyPenalty,
    @Schema(hidden = true) @JsonProperty("presence_penalty") Double presencePenalty,
    @Schema(hidden = true) Boolean logprobs,
    @Schema(hidden = true) JsonNode tools,
    @Schema(hidden = true) @JsonProperty("tool_choice") JsonNode toolChoice,
    @Schema(hidden = true) @JsonProperty("logit_bias") JsonNode logitBias,
    @Schema(hidden = true) List<String> modalities)
    implements CompletionRequest {
  /** One message; content is text or a list of text parts. */
  @JsonIgnoreProperties({"name", "refusal"})
  record Turn(String role, @Schema(oneOf = {String.class, Part[].class}) JsonNode content) {
    private String text(String at) {
      if (content == null || content.isNull()) {
        return null;
      }
      if (content.isTextual()) {
        return content.textValue();
      }
      if (!content.isArray()) {
        throw Problem.invalid(at, "content is text or a list of text parts.");
      }
      StringBuilder text = new StringBuilder();
      for (JsonNode part : content) {
        if (!"text".equals(part.path("type").asText()) || !part.path("text").isTextual()) {
          throw Problem.invalid(at, "Only parts of type text can be read.");
        }
        text.append(part.path("text").textValue());
      }
      return text.toString();
    }

    @JsonAnySetter
    void other(String name, JsonNode value) {
      Fields.refuse("messages[]." + name, Fields.given(value));
    }
  }

  /** One part of a content. */
  record Part(String type, String text) {}

  @JsonAnySetter
  void other(String name, JsonNode value) {
    Fields.refuse(name, Fields.given(value));
  }

  @Override
  public void refuse() {
    Fields.refuse("tools", Fields.given(tools));
    Fields.refuse(
        "tool_choice", Fields.given(toolChoice) && !toolChoice.asText().matches("none|auto"));
    Fields.refuse("logprobs", Boolean.TRUE.equals(logprobs));
    Fields.refuse("response_format", Fields.given(responseFormat) && !plain(responseFormat));
  }

  @Override
  public Submission asked() {
    Fields.refuse("modalities", modalities != null && !modalities.equals(List.of("text")));
    List<Submission.Message> turns = new ArrayList<>();
    for (Turn turn : messages == null ? List.<Turn>of() : messages) {
      String at = "messages[" + turns.size() + "].content";
      turns.add(turn == null ? null : new Submission.Message(turn.role(), turn.text(at)));
    }
    return new Submission(
        model, turns, null, null, length(), temperature, topK, topP, Fields.unsigned(seed));
  }

  private Integer length() {
    if (maxCompletionTokens == null) {
      return maxTokens;
    }
    if (maxTokens != null && !maxTokens.equals(maxCompletionTokens)) {
      throw Problem.invalid(
          "max_tokens", "max_tokens and max_completion_tokens are one limit: leave one out.");
    }
    return maxCompletionTokens;
  }

  private static boolean plain(JsonNode format) {
    return "text".equals(format.path("type").asText());
  }
}
