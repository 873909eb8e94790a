package opml.guest;

/**
 * What happens between forward passes: reading the prompt, choosing a token, writing text, ending.
 */
final class Tokens {
  private Tokens() {}

  /** One operator of the tokenizer, the sampler or the detokenizer. */
  static int text(Memory m, int phase) {
    if (phase == Guest.P_TOKENIZE) {
      tokenize(m);
    } else if (phase == Guest.P_SAMPLE) {
      sample(m);
    } else {
      detokenize(m);
    }
    return 0;
  }

  private static void tokenize(Memory m) {
    int context = m.loadI32(Header.CONTEXT);
    int result =
        Tokenizer.step(
            m,
            m.loadI64(Header.TOKENIZER),
            m.loadI64(Header.TOKENIZER_STATE),
            m.loadI64(Header.TOKENS),
            context);
    if (result == Tokenizer.BAD_REQUEST) {
      end(m, Wire.BAD_REQUEST);
    } else if (result == Tokenizer.PROMPT_TOO_LONG || result >= context) {
      end(m, Wire.PROMPT_TOO_LONG);
    } else if (result > 0) {
      m.storeI32(Control.PROMPT_TOKENS, result);
      m.storeI32(Control.TOKEN_COUNT, result);
      m.storeI32(Control.PHASE, Guest.P_FORWARD);
    }
  }

  private static void sample(Memory m) {
    int completed = m.loadI32(Control.COMPLETION_TOKENS);
    int token =
        Sampler.step(
            m,
            m.loadI64(Header.SAMPLER_STATE),
            m.loadI64(Header.LOGITS),
            m.loadI32(Header.VOCAB),
            completed);
    if (token == Sampler.NUMERIC) {
      end(m, Wire.NUMERIC);
    } else if (token >= 0) {
      if (Detokenizer.stops(m, token)) {
        end(m, Wire.STOP);
      } else {
        m.storeI32(Control.NEXT_TOKEN, token);
        m.storeI32(Control.PHASE, Guest.P_DETOKENIZE);
      }
    }
  }

  private static void detokenize(Memory m) {
    int token = m.loadI32(Control.NEXT_TOKEN);
    int length =
        Detokenizer.append(
            m,
            m.loadI64(Header.TOKENIZER),
            token,
            Wire.TEXT,
            m.loadI32(Control.TEXT_LENGTH),
            Wire.MAX_TEXT);
    if (length == Detokenizer.FULL) {
      end(m, Wire.LENGTH);
      return;
    }
    int count = m.loadI32(Control.TOKEN_COUNT);
    int completed = m.loadI32(Control.COMPLETION_TOKENS) + 1;
    m.storeI32(m.loadI64(Header.TOKENS) + ((long) count << 2), token);
    m.storeI32(Control.TOKEN_COUNT, count + 1);
    m.storeI32(Control.COMPLETION_TOKENS, completed);
    m.storeI32(Control.TEXT_LENGTH, length);
    if (completed == m.loadI32(Control.MAX_TOKENS) || count + 1 == m.loadI32(Header.CONTEXT)) {
      end(m, Wire.LENGTH);
    } else {
      m.storeI32(Control.PHASE, Guest.P_CLEAR);
    }
  }

  /**
   * INV-08: the activations become zero, so that a token boundary is tokens, cache and control
   * block.
   */
  static int clear(Memory m) {
    m.clear(m.loadI64(Header.ACTIVATIONS), (int) m.loadI64(Header.ACTIVATION_BYTES));
    m.storeI32(Control.NEXT_TOKEN, 0);
    m.storeI32(Control.POSITION, m.loadI32(Control.POSITION) + 1);
    m.storeI32(Control.PHASE, Guest.P_FORWARD);
    return 0;
  }

  /** The answer ends with this status; the next operator writes its header. */
  static void end(Memory m, int status) {
    m.storeI32(Control.STATUS, status);
    m.storeI32(Control.PHASE, Guest.P_FINISH);
  }

  static int finish(Memory m) {
    m.storeI32(Wire.OUTPUT, m.loadI32(Control.STATUS));
    m.storeI32(Wire.OUTPUT + 4, m.loadI32(Control.PROMPT_TOKENS));
    m.storeI32(Wire.OUTPUT + 8, m.loadI32(Control.COMPLETION_TOKENS));
    m.storeI32(Wire.OUTPUT + 12, m.loadI32(Control.TEXT_LENGTH));
    return 1;
  }
}
