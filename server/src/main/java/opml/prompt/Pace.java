package opml.prompt;

import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * How fast an answer is written, from its first piece of text on: waiting and reading the prompt do
 * not count.
 */
final class Pace implements Consumer<String> {
  private final Consumer<String> reader;
  private final LongSupplier nanos;
  private boolean begun;
  private long first;
  private long last;

  /**
   * Hands pieces on to a reader.
   *
   * @param nanos as System.nanoTime
   */
  Pace(Consumer<String> reader, LongSupplier nanos) {
    this.reader = reader;
    this.nanos = nanos;
  }

  @Override
  public void accept(String piece) {
    last = nanos.getAsLong();
    if (!begun) {
      begun = true;
      first = last;
    }
    reader.accept(piece);
  }

  /** Tokens a second of an answer of so many; null where nothing came after the first piece. */
  Double tokensPerSecond(int tokens) {
    return tokens > 1 && last > first ? (tokens - 1) * 1e9 / (last - first) : null;
  }
}
