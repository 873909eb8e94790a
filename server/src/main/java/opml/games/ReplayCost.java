package opml.games;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import opml.claim.Claims;
import opml.model.Model;

/** What the replay of a claim will take, from its bytes and the replays before it. */
final class ReplayCost {
  private static final double FIRST_GUESS = 0.05; // seconds a token
  private static final int TEMPLATE = 64; // tokens a chat template adds, about
  private static final int HEADER = 32;

  private final Map<String, Double> secondsPerToken = new ConcurrentHashMap<>(); // by model

  /** Seconds; at least those of one token. */
  double seconds(Model model, Claims.Known known) {
    return tokens(model, known) * secondsPerToken.getOrDefault(model.name(), FIRST_GUESS);
  }

  /**
   * Tokens that the claim says it took, but no more than its input allows: a liar who tells a huge
   * figure is not put off for it.
   */
  static long tokens(Model model, Claims.Known known) {
    ByteBuffer input = ByteBuffer.wrap(known.input()).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer output = ByteBuffer.wrap(known.output()).order(ByteOrder.LITTLE_ENDIAN);
    if (input.limit() < HEADER || output.limit() < 16) {
      return 1;
    }
    long most = known.input().length - HEADER + TEMPLATE + Integer.toUnsignedLong(input.getInt(4));
    long told = Integer.toUnsignedLong(output.getInt(4)) + Integer.toUnsignedLong(output.getInt(8));
    return Math.max(1, Math.min(Math.min(told, most), model.context()));
  }

  /** A replay took so long; of what it made, not of what the claim says: that may be a lie. */
  void learned(Model model, Model.Outcome own, double seconds) {
    double one = seconds / Math.max(1, own.promptTokens().length + own.completionTokens().length);
    secondsPerToken.merge(model.name(), one, (before, now) -> 0.7 * before + 0.3 * now);
  }
}
