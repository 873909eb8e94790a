package opml.prompt;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Which prompt comes next: of the client with the fewest running ones, the one that came first. So
 * a client with a hundred prompts holds up nobody who has one.
 */
final class FairOrder {
  private final Map<UUID, String> waiting = new LinkedHashMap<>(); // client by prompt
  private final Map<UUID, String> running = new HashMap<>();

  /** Adds a prompt unless it is here; whether it was added. */
  synchronized boolean add(UUID id, String client) {
    return !running.containsKey(id)
        && waiting.putIfAbsent(id, client == null ? "" : client) == null;
  }

  /** Takes the next prompt; null when none waits. */
  synchronized UUID next() {
    Map<String, Integer> busy = new HashMap<>();
    running.values().forEach(client -> busy.merge(client, 1, Integer::sum));
    UUID best = null;
    int fewest = Integer.MAX_VALUE;
    for (Map.Entry<UUID, String> prompt : waiting.entrySet()) {
      int runs = busy.getOrDefault(prompt.getValue(), 0);
      if (runs < fewest) {
        fewest = runs;
        best = prompt.getKey();
      }
    }
    if (best != null) {
      running.put(best, waiting.remove(best));
    }
    return best;
  }

  /** A prompt that was next runs no more. */
  synchronized void ended(UUID id) {
    running.remove(id);
  }
}
