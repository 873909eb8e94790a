package opml.prompt;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import opml.http.Hex;
import opml.request.Answer;

/**
 * A prompt as clients see it.
 *
 * @param status QUEUED, RUNNING, DONE, CANCELLED or FAILED
 * @param text the answer so far known to the database: null before DONE
 * @param finishReason stop, length, prompt_too_long, bad_request, numeric or bad_model
 * @param promptTokenIds tokens of the prompt, once DONE
 * @param completionTokenIds tokens of the answer, once DONE
 * @param tokensPerSecond speed of the answer from its first token on, once DONE; null for less than
 *     two
 * @param operators length of the trace in operators, as a decimal string
 * @param receiptId the receipt, once DONE
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PromptView(
    UUID id,
    String model,
    String status,
    String input,
    String text,
    String finishReason,
    Integer promptTokens,
    Integer completionTokens,
    int[] promptTokenIds,
    int[] completionTokenIds,
    Double tokensPerSecond,
    String operators,
    String receiptId,
    String error,
    Instant createdAt,
    Instant startedAt,
    Instant finishedAt) {
  static PromptView of(Prompt p) {
    Answer answer = p.output == null ? null : Answer.decode(p.output);
    return new PromptView(
        p.id,
        p.model,
        p.status.name(),
        Hex.of(p.input),
        answer == null ? null : answer.text(),
        answer == null ? null : answer.status().name().toLowerCase(Locale.ROOT),
        answer == null ? null : answer.promptTokens(),
        answer == null ? null : answer.completionTokens(),
        p.promptIds,
        p.completionIds,
        rounded(p.tokensPerSecond),
        p.operators == null ? null : Long.toString(p.operators),
        Hex.of(p.receiptId),
        p.error,
        p.createdAt,
        p.startedAt,
        p.finishedAt);
  }

  private static Double rounded(Double rate) {
    return rate == null ? null : Math.round(rate * 10) / 10.0;
  }
}
