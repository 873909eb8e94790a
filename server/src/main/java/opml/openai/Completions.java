package opml.openai;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import opml.http.Hex;
import opml.http.Problem;
import opml.prompt.PromptView;
import opml.receipt.ReceiptView;
import opml.receipt.Receipts;

/** Puts a prompt and its receipt into OpenAI's form. */
@ApplicationScoped
class Completions {
  private static final String WHOLE = "chat.completion";
  private static final String CHUNK = "chat.completion.chunk";

  private final Receipts receipts;

  Completions(Receipts receipts) {
    this.receipts = receipts;
  }

  Completion whole(PromptView end, Cut cut) {
    check(end);
    String text = cut.grow(end.text()) + cut.rest();
    Completion.Message message = new Completion.Message("assistant", text, null);
    Completion.Choice choice = new Completion.Choice(0, message, null, null, reason(end, cut));
    return completion(end, WHOLE, List.of(choice), count(end), opml(end));
  }

  Completion first(PromptView start) {
    return chunk(start, new Completion.Delta("assistant", ""), null, null);
  }

  Completion part(PromptView start, String text) {
    return chunk(start, new Completion.Delta(null, text), null, null);
  }

  Completion last(PromptView end, Cut cut) {
    check(end);
    return chunk(end, new Completion.Delta(null, null), reason(end, cut), opml(end));
  }

  /** The chunk that stream_options.include_usage asks for: no choices. */
  Completion usage(PromptView end) {
    return completion(end, CHUNK, List.of(), count(end), null);
  }

  Map<String, Object> error(String message) {
    return Map.of(
        "error", Map.of("message", message, "type", "server_error", "code", "not_answered"));
  }

  private static Completion chunk(
      PromptView p, Completion.Delta delta, String reason, Completion.Opml opml) {
    Completion.Choice choice = new Completion.Choice(0, null, delta, null, reason);
    return completion(p, CHUNK, List.of(choice), null, opml);
  }

  private static Completion completion(
      PromptView p,
      String object,
      List<Completion.Choice> choices,
      Completion.Usage usage,
      Completion.Opml opml) {
    return new Completion(
        "chatcmpl-" + p.id(),
        object,
        p.createdAt().getEpochSecond(),
        p.model(),
        "opml",
        choices,
        usage,
        opml);
  }

  private static void check(PromptView end) {
    if (end.finishReason() == null) {
      throw Problem.unavailable(
          "not-answered", "The prompt ended as " + end.status() + " without an answer: ask again.");
    }
    if (end.finishReason().equals("prompt_too_long")) {
      String detail =
          "The prompt has more tokens than the model's context. That is answer "
              + end.receiptId()
              + ", receipt included; send a shorter prompt.";
      throw new Problem(400, "context-length-exceeded", "Too long", detail, "messages");
    }
    if (!end.finishReason().equals("stop") && !end.finishReason().equals("length")) {
      throw Problem.unavailable(
          "not-answered", "The model answered with status " + end.finishReason() + ".");
    }
  }

  private static String reason(PromptView end, Cut cut) {
    return cut.stopped() ? "stop" : end.finishReason();
  }

  private static Completion.Usage count(PromptView end) {
    int prompt = end.promptTokens();
    int completion = end.completionTokens();
    return new Completion.Usage(prompt, completion, prompt + completion);
  }

  private Completion.Opml opml(PromptView end) {
    ReceiptView receipt = receipts.find(Hex.bytes(end.receiptId()));
    return new Completion.Opml(
        end.id().toString(),
        receipt.id(),
        receipt.modelId(),
        receipt.inputHash(),
        receipt.outputHash(),
        receipt.h(),
        end.operators());
  }
}
