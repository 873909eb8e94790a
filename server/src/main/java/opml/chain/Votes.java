package opml.chain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What to believe of several answers to one question: what most give. */
final class Votes {
  private Votes() {}

  /**
   * Logs of the same blocks. With as many votes on each side the longer list counts: to hide a move
   * is how an endpoint makes a clock run out, and one that it invents does not hash to a position.
   */
  static List<Log> logs(List<List<Log>> answers) {
    return most(answers, Votes::text, List::size);
  }

  /** The block of a number; one that some have not got yet is asked of the others. */
  static Optional<Block> block(List<Optional<Block>> answers) {
    List<Block> known = answers.stream().flatMap(Optional::stream).toList();
    return known.isEmpty() ? Optional.empty() : Optional.of(most(known, Block::hash, any -> 0));
  }

  /** The first of those with most votes and then most weight. */
  private static <T> T most(List<T> answers, Function<T, Object> key, Function<T, Integer> weight) {
    Map<Object, List<T>> parties = new LinkedHashMap<>();
    for (T answer : answers) {
      parties.computeIfAbsent(key.apply(answer), any -> new ArrayList<>()).add(answer);
    }
    List<T> best = List.of();
    for (List<T> party : parties.values()) {
      int more = party.size() - best.size();
      if (more > 0 || more == 0 && weight.apply(party.getFirst()) > weight.apply(best.getFirst())) {
        best = party;
      }
    }
    return best.getFirst();
  }

  private static String text(List<Log> logs) {
    StringBuilder text = new StringBuilder();
    for (Log log : logs) {
      text.append(log.block()).append(' ').append(log.index()).append(' ');
      text.append(log.transaction()).append(' ').append(log.address());
      log.topics().forEach(topic -> text.append(' ').append(Hex.of(topic)));
      text.append(' ').append(Hex.of(log.data())).append('\n');
    }
    return text.toString().toLowerCase(java.util.Locale.ROOT);
  }
}
