package opml.catalog;

import java.util.Locale;

/**
 * How finely activations are quantized: part of a model's identity (docs/protocol.md section 8).
 */
public enum ActivationForm {
  /** 15 bits: no answer measured differed from float activations. */
  EXACT(16383),
  /** 11 bits, for large 4-bit models on processors where 15 bits cost time. */
  FAST(1023);

  private final int limit;

  ActivationForm(int limit) {
    this.limit = limit;
  }

  /** The largest magnitude Q of a quantized activation. */
  int limit() {
    return limit;
  }

  /** As model.json has it: exact, fast. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
