package opml.translate;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Most instructions of a piece of code: those of one execution, and, by the place of their bound,
 * those of loop bodies that are bounded for a whole operator, however often the piece runs.
 */
record Cost(long each, SortedMap<String, Long> totals) {
  /** Sums stop growing here. */
  private static final long LIMIT = 1L << 60;

  static final Cost NONE = of(0);

  static Cost of(long each) {
    return new Cost(each, new TreeMap<>());
  }

  static Cost total(String site, long count, Cost body) {
    SortedMap<String, Long> totals = new TreeMap<>(body.totals);
    totals.merge(site, product(count, body.each), Math::max);
    return new Cost(0, totals);
  }

  long all() {
    return totals.values().stream().reduce(each, Cost::sum);
  }

  /** One after the other. */
  Cost then(Cost next) {
    return new Cost(sum(each, next.each), union(totals, next.totals));
  }

  Cost times(long count) {
    return count == 0 ? NONE : new Cost(product(count, each), totals);
  }

  /** One or the other, each time anew: the code may repeat. */
  Cost or(Cost other) {
    return new Cost(Math.max(each, other.each), union(totals, other.totals));
  }

  /** One or the other, once in an operator: only one of them spends its own totals. */
  Cost orOnce(Cost other) {
    SortedMap<String, Long> common = new TreeMap<>(totals);
    common.keySet().retainAll(other.totals.keySet());
    common.replaceAll((site, cost) -> Math.max(cost, other.totals.get(site)));
    return new Cost(Math.max(without(common), other.without(common)), common);
  }

  private long without(SortedMap<String, Long> common) {
    return totals.entrySet().stream()
        .filter(e -> !common.containsKey(e.getKey()))
        .map(Map.Entry::getValue)
        .reduce(each, Cost::sum);
  }

  private static SortedMap<String, Long> union(
      SortedMap<String, Long> x, SortedMap<String, Long> y) {
    SortedMap<String, Long> result = new TreeMap<>(x);
    y.forEach((site, cost) -> result.merge(site, cost, Math::max));
    return result;
  }

  private static long sum(long x, long y) {
    return Math.min(LIMIT, x + y);
  }

  static long product(long x, long y) {
    return x == 0 || y <= LIMIT / x ? x * y : LIMIT;
  }
}
