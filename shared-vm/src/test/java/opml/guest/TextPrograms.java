package opml.guest;

/**
 * Entries for the translator: the tokenizer or the sampler alone as a program. EXIT when it has
 * finished; the result is at RESULT.
 */
final class TextPrograms {
  static final int CONTEXT = 4096;
  static final int RESULT = Reading.TOKENS + 4 * CONTEXT;
  static final int LOGITS = (Sampler.BYTES + 63) & -64;
  static final int VOCABULARY = 70_000;
  static final int CHOSEN = LOGITS + 4 * VOCABULARY;

  private TextPrograms() {}

  static int tokenize(Memory m) {
    int result = Tokenizer.step(m, Reading.TABLE, 0, Reading.TOKENS, CONTEXT);
    m.storeI32(RESULT, result);
    return result == Tokenizer.RUNNING ? 0 : 1;
  }

  /** The logits are copied from WEIGHTS first. */
  static int sample(Memory m) {
    if (m.loadI32(CHOSEN) == 0) {
      for (int i = 0; i < VOCABULARY; i++) {
        Bounds.loop(VOCABULARY);
        m.storeI32(LOGITS + 4L * i, m.loadI32(Reading.TABLE + 4L * i));
      }
      m.storeI32(CHOSEN, 1);
      return 0;
    }
    int token = Sampler.step(m, 0, LOGITS, VOCABULARY, 5);
    m.storeI32(CHOSEN, token + 2);
    return token == Sampler.RUNNING ? 0 : 1;
  }
}
