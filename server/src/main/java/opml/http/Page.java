package opml.http;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * One page of a list, newest first.
 *
 * @param items at most {@code limit} of them
 * @param next cursor of the following page, or null at the end
 */
public record Page<T>(List<T> items, String next) {
  static final int LIMIT_MAX = 100;

  /** Where a page starts (an exclusive upper bound of the sequence) and how long it may be. */
  public record Range(long before, int limit) {
    /** Reads the query parameters {@code cursor} and {@code limit}. */
    public static Range of(String cursor, Integer limit) {
      int size = limit == null ? 20 : limit;
      if (size < 1 || size > LIMIT_MAX) {
        throw Problem.invalid("limit", "limit must be 1 to " + LIMIT_MAX + ".");
      }
      if (cursor == null) {
        return new Range(Long.MAX_VALUE, size);
      }
      if (!cursor.matches("[0-9]{1,18}")) {
        throw Problem.invalid("cursor", "cursor must be the next of an earlier page.");
      }
      return new Range(Long.parseLong(cursor), size);
    }
  }

  /** A page of {@code rows}, which holds one row more than the limit when there is another page. */
  public static <R, T> Page<T> of(
      List<R> rows, Range range, ToLongFunction<R> sequence, Function<R, T> view) {
    boolean more = rows.size() > range.limit();
    List<R> shown = more ? rows.subList(0, range.limit()) : rows;
    String next = more ? Long.toString(sequence.applyAsLong(shown.getLast())) : null;
    return new Page<>(shown.stream().map(view).toList(), next);
  }
}
