package opml.role;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * What every scheduled worker does with its rows: one after the other, whatever one of them does.
 */
public final class EachRow {
  private EachRow() {}

  /**
   * Does {@code work} with each row; one that throws is logged and stops no other.
   *
   * @param log of the worker
   * @param name of a row, for the log
   */
  public static <T> void of(
      List<T> rows, Logger log, Function<T, String> name, Consumer<? super T> work) {
    for (T row : rows) {
      try {
        work.accept(row);
      } catch (RuntimeException e) {
        log.warnf("%s: %s", name.apply(row), e.getMessage());
      } catch (Error e) { // out of memory, a stack too deep: of this row, not of the others
        log.errorf("%s: %s", name.apply(row), e);
      }
    }
  }
}
