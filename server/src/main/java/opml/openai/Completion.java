package opml.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** A completion of either form, whole or one chunk of it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Completion(
    String id,
    String object,
    long created,
    String model,
    @JsonProperty("system_fingerprint") String systemFingerprint,
    List<Choice> choices,
    Usage usage,
    Opml opml) {
  /**
   * {@code text} of a text completion; of a chat {@code message} in a whole completion, {@code
   * delta} in a chunk.
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Choice(
      int index,
      String text,
      Message message,
      Delta delta,
      @JsonInclude(JsonInclude.Include.ALWAYS) String logprobs,
      @JsonProperty("finish_reason") @JsonInclude(JsonInclude.Include.ALWAYS) String finishReason) {
    static Choice text(String text, String reason) {
      return new Choice(0, text, null, null, null, reason);
    }

    static Choice message(Message message, String reason) {
      return new Choice(0, null, message, null, null, reason);
    }

    static Choice delta(Delta delta, String reason) {
      return new Choice(0, null, null, delta, null, reason);
    }
  }

  /** A whole message; {@code refusal} is always null. */
  record Message(String role, String content, String refusal) {}

  /** What a chunk adds. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Delta(String role, String content) {}

  record Usage(
      @JsonProperty("prompt_tokens") int promptTokens,
      @JsonProperty("completion_tokens") int completionTokens,
      @JsonProperty("total_tokens") int totalTokens) {}

  /**
   * What makes the answer checkable; beside OpenAI's fields.
   *
   * @param receiptId id of GET /api/receipts/{id}
   * @param operators length of the trace, decimal string
   */
  record Opml(
      String promptId,
      String receiptId,
      String modelId,
      String inputHash,
      String outputHash,
      int h,
      String operators) {}
}
