package opml.openai;

/** The two forms of OpenAI's completions. */
enum Form {
  CHAT("chatcmpl-", "chat.completion", "chat.completion.chunk", "messages"),
  TEXT("cmpl-", "text_completion", "text_completion", "prompt");

  private final String prefix; // of ids
  private final String whole;
  private final String chunk;
  private final String source;

  Form(String prefix, String whole, String chunk, String source) {
    this.prefix = prefix;
    this.whole = whole;
    this.chunk = chunk;
    this.source = source;
  }

  String prefix() {
    return prefix;
  }

  /** What the object of a whole completion is called. */
  String whole() {
    return whole;
  }

  String chunk() {
    return chunk;
  }

  /** The field that holds what is asked. */
  String source() {
    return source;
  }

  Completion.Choice answer(String text, String reason) {
    if (this == TEXT) {
      return Completion.Choice.text(text, reason);
    }
    return Completion.Choice.message(new Completion.Message("assistant", text, null), reason);
  }

  /** What a chunk adds; {@code text} and {@code reason} may be null. */
  Completion.Choice more(String role, String text, String reason) {
    return this == TEXT
        ? Completion.Choice.text(text == null ? "" : text, reason)
        : Completion.Choice.delta(new Completion.Delta(role, text), reason);
  }
}
