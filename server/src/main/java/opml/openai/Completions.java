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
  private final Receipts receipts;

  Completions(Receipts receipts) {
    this.receipts = receipts;
  }

  Completion whole(Form form, PromptView end, Cut cut) {
    check(form, end);
    String text = cut.grow(end.text()) + cut.rest();
    List<Completion.Choice> choices = List.of(form.answer(text, reason(end, cut)));
    return completion(form, form.whole(), end, choices, count(end), opml(end));
  }

  /** The chunk before any text, which names the role. */
  Completion first(PromptView start) {
    return chunk(Form.CHAT, start, Form.CHAT.more("assistant", "", null), null);
  }

  Completion part(Form form, PromptView start, String text) {
    return chunk(form, start, form.more(null, text, null), null);
  }

  Completion last(Form form, PromptView end, Cut cut) {
    check(form, end);
    return chunk(form, end, form.more(null, null, reason(end, cut)), opml(end));
  }

  /** The chunk that stream_options.include_usage asks for: no choices. */
  Completion usage(Form form, PromptView end) {
    return completion(form, form.chunk(), end, List.of(), count(end), null);
  }

  Map<String, Object> error(String message) {
    return Map.of(
        "error", Map.of("message", message, "type", "server_error", "code", "not_answered"));
  }

  private static Completion chunk(
      Form form, PromptView p, Completion.Choice choice, Completion.Opml opml) {
    return completion(form, form.chunk(), p, List.of(choice), null, opml);
  }

  private static Completion completion(
      Form form,
      String object,
      PromptView p,
      List<Completion.Choice> choices,
      Completion.Usage usage,
      Completion.Opml opml) {
    String id = form.prefix() + p.id();
    long created = p.createdAt().getEpochSecond();
    return new Completion(id, object, created, p.model(), "opml", choices, usage, opml);
  }

  private static void check(Form form, PromptView end) {
    if (end.finishReason() == null) {
      throw Problem.unavailable(
          "not-answered", "The prompt ended as " + end.status() + " without an answer: ask again.");
    }
    if (end.finishReason().equals("prompt_too_long")) {
      String detail =
          "The prompt has more tokens than the model's context. That is answer "
              + end.receiptId()
              + ", receipt included; send a shorter prompt.";
      throw new Problem(400, "context-length-exceeded", "Too long", detail, form.source());
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
