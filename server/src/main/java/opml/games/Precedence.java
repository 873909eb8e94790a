package opml.games;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What has failed comes after all that has not, and what failed last comes last: however often one
 * fails, each of the others has its turn.
 */
final class Precedence {
  private final Map<String, Long> failed = new HashMap<>();
  private long failures;

  /** Puts one behind all others. */
  void failed(String name) {
    failed.put(name, ++failures);
  }

  /** Nothing is held against one any more. */
  void over(String name) {
    failed.remove(name);
  }

  /** Forgets all. */
  void clear() {
    failed.clear();
  }

  /** Forgets all but these. */
  void keep(Collection<String> names) {
    failed.keySet().retainAll(names);
  }

  /** Those that have failed. */
  Set<String> names() {
    return failed.keySet();
  }

  /** In which order to try: those that have not failed as they are given. */
  <T> List<T> order(List<T> all, Function<T, String> name) {
    return failed.isEmpty()
        ? all
        : all.stream()
            .sorted(Comparator.comparingLong(one -> failed.getOrDefault(name.apply(one), 0L)))
            .toList();
  }
}
