package opml.openai;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import opml.http.Problem;
import opml.prompt.Submission;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A request of OpenAI's older form: a text that the model goes on with, without a chat template.
 * Fields are refused and ignored as those of a chat are.
 *
 * @param prompt one text, or a list of one; special tokens in it are parsed
 * @param maxTokens 16 when left out, as OpenAI has it
 * @param temperature 0 to 2; 0 (greedy) when left out, unlike OpenAI's 1
 * @param topK ours beside OpenAI's fields: 1 to 64
 * @param seed integer of 64 bits; the same request with the same seed gets the same answer
 * @param stop up to four texts; the answer shown ends before the first, the receipt covers all of
 *     it
 */
@JsonIgnoreProperties({"user"})
record TextRequest(
    String model,
    @Schema(oneOf = {String.class, String[].class}) JsonNode prompt,
    @JsonProperty("max_tokens") Integer maxTokens,
    Double temperature,
    @JsonProperty("top_p") Double topP,
    @JsonProperty("top_k") Integer topK,
    @Schema(implementation = Long.class) JsonNode seed,
    Boolean stream,
    @JsonProperty("stream_options") StreamOptions streamOptions,
    Integer n,
    @Schema(oneOf = {String.class, String[].class}) JsonNode stop,
    @Schema(hidden = true) @JsonProperty("best_of") Integer bestOf,
    @Schema(hidden = true) Boolean echo,
    @Schema(hidden = true) String suffix,
    @Schema(hidden = true) JsonNode logprobs,
    @Schema(hidden = true) @JsonProperty("frequency_penalty") Double frequencyPenalty,
    @Schema(hidden = true) @JsonProperty("presence_penalty") Double presencePenalty,
    @Schema(hidden = true) @JsonProperty("logit_bias") JsonNode logitBias)
    implements CompletionRequest {
  private static final int DEFAULT_TOKENS = 16;

  @JsonAnySetter
  void other(String name, JsonNode value) {
    Fields.refuse(name, Fields.given(value));
  }

  @Override
  public void refuse() {
    Fields.refuse("best_of", bestOf != null && bestOf != 1);
    Fields.refuse("echo", Boolean.TRUE.equals(echo));
    Fields.refuse("suffix", suffix != null && !suffix.isEmpty());
    Fields.refuse("logprobs", Fields.given(logprobs));
  }

  @Override
  public Submission asked() {
    int tokens = maxTokens == null ? DEFAULT_TOKENS : maxTokens;
    JsonNode bits = Fields.unsigned(seed);
    return new Submission(model, null, text(), null, tokens, temperature, topK, topP, bits);
  }

  private String text() {
    boolean one = prompt != null && prompt.isArray() && prompt.size() == 1;
    JsonNode text = one ? prompt.get(0) : prompt;
    if (text == null || !text.isTextual()) {
      throw Problem.invalid(
          "prompt", "prompt must be one text: send a request for each, and no token numbers.");
    }
    return text.textValue();
  }
}
