package opml.games;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import opml.model.Model;

/** What the replay of a claim will take, from its tokens and the replays before it. */
final class ReplayCost {
  private static final double FIRST_GUESS = 0.05; // seconds a token

  private final Map<String, Double> secondsPerToken = new ConcurrentHashMap<>(); // by model

  /** Seconds; at least those of one token, at most those of a full context. */
  double seconds(Model model, long tokens) {
    long most = Math.max(1, Math.min(tokens, model.context()));
    return most * secondsPerToken.getOrDefault(model.name(), FIRST_GUESS);
  }

  /** A replay took so long; of what it made, not of what the claim says: that may be a lie. */
  void learned(Model model, Model.Outcome own, double seconds) {
    double one = seconds / Math.max(1, own.promptTokens().length + own.completionTokens().length);
    secondsPerToken.merge(model.name(), one, (before, now) -> 0.7 * before + 0.3 * now);
  }
}
