package opml.claim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What a claim's bytes say about the work behind it; they may lie. */
final class Told {
  private static final int TEMPLATE = 64; // tokens a chat template adds, about
  private static final int REQUEST = 32;
  private static final int ANSWER = 16;

  private Told() {}

  /**
   * Tokens that the claim says it took, but no more than its input allows: a liar who tells a huge
   * figure is not put off for it. Null while bytes are missing.
   */
  static Long tokens(byte[] input, byte[] output) {
    if (input == null || output == null) {
      return null;
    }
    if (input.length < REQUEST || output.length < ANSWER) {
      return 1L;
    }
    ByteBuffer asked = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer said = ByteBuffer.wrap(output).order(ByteOrder.LITTLE_ENDIAN);
    long most = input.length - REQUEST + TEMPLATE + Integer.toUnsignedLong(asked.getInt(4));
    long told = Integer.toUnsignedLong(said.getInt(4)) + Integer.toUnsignedLong(said.getInt(8));
    return Math.min(told, most);
  }
}
