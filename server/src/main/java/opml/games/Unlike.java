package opml.games;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Compares the own text with the claimed one while it grows: a lie about the first words is known
 * long before the replay of the rest.
 */
final class Unlike implements Consumer<String> {
  private static final int HEADER = 16;

  private final byte[] claimed;
  private final Runnable onDifference;
  private int at = HEADER;
  private boolean told;

  /**
   * A comparison.
   *
   * @param claimed bytes of an output (protocol section 6)
   * @param onDifference called once
   */
  Unlike(byte[] claimed, Runnable onDifference) {
    this.claimed = claimed.clone();
    this.onDifference = onDifference;
  }

  @Override
  public void accept(String text) {
    byte[] own = text.getBytes(StandardCharsets.UTF_8);
    // A replacement character is no bytes of the answer: what follows is compared at the end.
    if (told || at < 0 || text.indexOf('\ufffd') >= 0) {
      at = -1;
      return;
    }
    int end = at + own.length;
    boolean same = end <= claimed.length && Arrays.equals(own, 0, own.length, claimed, at, end);
    at = end;
    if (!same) {
      told = true;
      onDifference.run();
    }
  }

  /** Whether a difference was found and told. */
  boolean told() {
    return told;
  }
}
