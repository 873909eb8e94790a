package opml.inference;

import java.util.Arrays;
import opml.guest.Control;

/**
 * The token boundaries that a run has passed: how many operators were done and how much text was
 * there. Between them, while a prompt is read, some are left out.
 */
final class TokenLog {
  private int[] positions = new int[64];
  private int[] texts = new int[64];
  private long[] operators = new long[64];
  private int count;

  /** A boundary is reached; noted again when a token is tried again. */
  void note(PlainNativeMemory memory, long done) {
    int position = memory.loadI32(Control.POSITION);
    if (count > 0 && positions[count - 1] == position) {
      return;
    }
    if (count == positions.length) {
      positions = Arrays.copyOf(positions, 2 * count);
      texts = Arrays.copyOf(texts, 2 * count);
      operators = Arrays.copyOf(operators, 2 * count);
    }
    positions[count] = position;
    texts[count] = memory.loadI32(Control.TEXT_LENGTH);
    operators[count++] = done;
  }

  /** The last noted boundary not after an operator; -1 when the operator comes before the first. */
  int before(long operator) {
    int at = Arrays.binarySearch(operators, 0, count, operator);
    return at >= 0 ? at : -at - 2;
  }

  int position(int index) {
    return positions[index];
  }

  int text(int index) {
    return texts[index];
  }

  long operators(int index) {
    return operators[index];
  }
}
