package opml.openai;

import java.util.List;

/**
 * Ends the text shown before the first stop text. While text grows, what may become a stop text is
 * held back.
 */
final class Cut {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean stopped;

  Cut(List<String> stops) {
    this.stops = stops;
  }

  /** What of {@code more}, and of what was held back, can be shown. */
  String grow(String more) {
    if (stopped) {
      return "";
    }
    held.append(more);
    int end = first(held);
    if (end >= 0) {
      stopped = true;
      held.setLength(end);
      return rest();
    }
    int keep = open();
    String shown = held.substring(0, held.length() - keep);
    held.delete(0, held.length() - keep);
    return shown;
  }

  /** What was held back to the end and did not become a stop text. */
  String rest() {
    String shown = held.toString();
    held.setLength(0);
    return shown;
  }

  boolean stopped() {
    return stopped;
  }

  private int first(CharSequence text) {
    int first = -1;
    for (String stop : stops) {
      int at = text.toString().indexOf(stop);
      first = at >= 0 && (first < 0 || at < first) ? at : first;
    }
    return first;
  }

  /** Length of the longest end of the text that begins a stop text. */
  private int open() {
    int longest = 0;
    for (String stop : stops) {
      for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
        if (stop.startsWith(held.substring(held.length() - n))) {
          longest = n;
        }
      }
    }
    return longest;
  }
}
