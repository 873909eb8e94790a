package opml.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import opml.catalog.GuestProgram;
import opml.http.Json;
import opml.http.Problem;
import opml.http.WholeNumber;
import opml.model.Model;
import opml.request.Request;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What a client asks: a model, a chat or a raw prompt and how to sample, or an image.
 *
 * @param model name of a model, as in GET /api/models
 * @param messages a chat; special tokens in contents are plain text
 * @param prompt raw text instead of a chat; special tokens in it are parsed
 * @param image for a model that reads images, and nothing else with it: its pixels as base64, a
 *     byte each, as many as the model's context says
 * @param maxTokens 1 to the model's context; 256 when left out, less in a smaller context
 * @param temperature 0 (greedy, the default), or 0.01 to 2
 * @param topK 1 to 64; 40 when left out
 * @param topP above 0, up to 1; 1 when left out
 * @param seed unsigned 64-bit integer, a number or a decimal string; 0 when left out
 */
public record Submission(
    String model,
    List<Message> messages,
    String prompt,
    byte[] image,
    Integer maxTokens,
    Double temperature,
    Integer topK,
    Double topP,
    @Schema(oneOf = {Long.class, String.class}) JsonNode seed) {
  /** Bytes that fit the INPUT region behind its header. */
  public static final int BODY_MAX = 32 * 1024 - 32;

  private static final int DEFAULT_TOKENS = 256;
  private static final float HEAT_MIN = 0.01f; // less is no request to the guest
  private static final Map<String, Request.Role> ROLES =
      Map.of(
          "system", Request.Role.SYSTEM,
          "developer", Request.Role.SYSTEM,
          "user", Request.Role.USER,
          "assistant", Request.Role.ASSISTANT);

  /** One turn of a chat. */
  public record Message(String role, String content) {}

  /** Checks every field against {@code target} and returns the request the guest will read. */
  byte[] encode(Model target) {
    if (target.image().program() == GuestProgram.PERCEPTRON) {
      return encodeImage(target.name(), target.context());
    }
    if (image != null) {
      throw Problem.invalid("image", target.name() + " reads no images: send messages or prompt.");
    }
    int tokens = maxTokens == null ? Math.min(DEFAULT_TOKENS, target.context()) : maxTokens;
    if (tokens < 1 || tokens > target.context()) {
      throw Problem.invalid("maxTokens", "maxTokens must be 1 to " + target.context() + ".");
    }
    float heat = (float) inRange("temperature", temperature, 0, 0, 2);
    if (heat > 0 && heat < HEAT_MIN) {
      throw Problem.invalid("temperature", "temperature must be 0 (greedy), or 0.01 to 2.");
    }
    int k = topK == null ? 0 : (int) inRange("topK", (double) topK, 0, 1, 64);
    float p = (float) inRange("topP", topP, 1, Float.MIN_VALUE, 1);
    if ((messages == null) == (prompt == null)) {
      throw Problem.invalid("messages", "Send either messages or prompt.");
    }
    List<Request.Message> turns =
        prompt == null ? turns() : List.of(new Request.Message(null, text()));
    if (fit(turns) >= target.context()) { // a token takes a byte at least
      leaveRoom(turns, target);
    }
    return new Request(turns, tokens, heat, k, p, seedBits()).encode();
  }

  private byte[] encodeImage(String name, int pixels) {
    if (messages != null || prompt != null) {
      String detail = name + " reads images: send image, and no text, to /api/prompts.";
      throw Problem.invalid(source(), detail);
    }
    if (image == null || image.length != pixels) {
      throw Problem.invalid("image", "image must be " + pixels + " bytes as base64.");
    }
    return Request.image(image);
  }

  private long fit(List<Request.Message> turns) {
    long bytes = 0;
    for (Request.Message turn : turns) {
      int text = turn.text().getBytes(StandardCharsets.UTF_8).length;
      bytes += text + (turn.role() == null ? 0 : 5);
    }
    if (bytes > BODY_MAX) {
      String detail = "The prompt takes " + bytes + " bytes, the limit is " + BODY_MAX + ".";
      throw new Problem(413, "oversized-prompt", "Prompt too large", detail, source());
    }
    return bytes;
  }

  /** A prompt that fills the context would be answered with that status alone: said before. */
  private void leaveRoom(List<Request.Message> turns, Model target) {
    int tokens = 0;
    for (Request.Message turn : turns) {
      // At a seam with the template's own text two tokens may become one.
      int seam = turn.role() == null ? 0 : 2;
      tokens += Math.max(0, target.tokens(turn.text(), turn.role() == null) - seam);
    }
    if (tokens >= target.context()) {
      String detail =
          "The context is full: the text alone takes "
              + tokens
              + " tokens, the model has "
              + target.context()
              + " for prompt and answer. Leave earlier messages out or shorten them.";
      throw new Problem(400, "context-length-exceeded", "Context full", detail, source());
    }
  }

  private String text() {
    if (prompt.isEmpty()) {
      throw empty();
    }
    return Json.wellFormed(prompt, "prompt");
  }

  private List<Request.Message> turns() {
    boolean said = false;
    for (Message message : messages) {
      said |= message != null && message.content() != null && !message.content().isEmpty();
    }
    if (!said) {
      throw empty();
    }
    List<Request.Message> turns = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      turns.add(turn(messages.get(i), "messages[" + i + "]"));
    }
    if (turns.getLast().role() == Request.Role.ASSISTANT) {
      throw Problem.invalid(
          "messages", "The last message is the assistant's: end with the message to be answered.");
    }
    return turns;
  }

  private static Request.Message turn(Message message, String at) {
    if (message == null || message.content() == null || message.role() == null) {
      throw Problem.invalid(at, "Each message needs role and content, both text.");
    }
    Request.Role role = ROLES.get(message.role());
    if (role == null) {
      throw Problem.invalid(
          at + ".role", "A role is one of system, developer, user and assistant.");
    }
    return new Request.Message(role, Json.wellFormed(message.content(), at + ".content"));
  }

  private Problem empty() {
    String detail = "The prompt is empty: send at least one character.";
    return new Problem(400, "empty-prompt", "Empty prompt", detail, source());
  }

  private String source() {
    return prompt == null ? "messages" : "prompt";
  }

  private long seedBits() {
    if (seed == null || seed.isNull()) {
      return 0;
    }
    try {
      BigInteger number = seed.isNumber() ? WholeNumber.of(seed.decimalValue()) : null;
      String digits = seed.isTextual() ? seed.textValue() : String.valueOf(number);
      if (digits.matches("[0-9]{1,20}")) {
        return Long.parseUnsignedLong(digits);
      }
    } catch (NumberFormatException e) {
      // told below, as any other wrong seed
    }
    throw Problem.invalid("seed", "seed must be an integer from 0 to 18446744073709551615.");
  }

  private static double inRange(String name, Double given, double absent, double lo, double hi) {
    if (given == null) {
      return absent;
    }
    // Written so that NaN is refused too.
    if (!(given >= lo && given <= hi && (float) (double) given >= lo)) {
      String low = lo == Float.MIN_VALUE ? "above 0" : "at least " + (int) lo;
      throw Problem.invalid(name, name + " must be " + low + " and at most " + (int) hi + ".");
    }
    return given;
  }

  /** Identifies the body for Idempotency-Key. */
  byte[] canonical() {
    return Json.write(this).getBytes(StandardCharsets.UTF_8);
  }
}
