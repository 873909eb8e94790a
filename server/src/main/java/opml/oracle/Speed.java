package opml.oracle;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How fast each model has answered: the best so far, so that a busy hour declines nobody. */
@ApplicationScoped
class Speed {
  private final Map<String, Double> best = new ConcurrentHashMap<>(); // operators a second

  /** So many operators of a model took so many seconds. */
  void learned(String model, long operators, double seconds) {
    best.merge(model, operators / Math.max(1e-9, seconds), Math::max);
  }

  /** Seconds that so many operators take; 0 where nothing of the model was answered yet. */
  long seconds(String model, long operators) {
    return (long) (operators / best.getOrDefault(model, Double.POSITIVE_INFINITY));
  }
}
