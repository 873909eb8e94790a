package opml.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import opml.http.Problem;

/**
 * Ends the text shown before the first stop text. While text grows, what may become a stop text is
 * held back.
 */
final class Cut {
  private static final int STOPS_MAX = 4;

  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean stopped;

  Cut(List<String> stops) {
    this.stops = stops;
  }

  /** Reads the field stop: a text or a list of them. */
  static Cut at(JsonNode stop) {
    List<String> stops = new ArrayList<>();
    boolean given = stop != null && !stop.isNull();
    for (JsonNode one : !given ? List.<JsonNode>of() : stop.isArray() ? stop : List.of(stop)) {
      if (!one.isTextual() || one.textValue().isEmpty() || stops.size() == STOPS_MAX) {
        throw Problem.invalid("stop", "stop is a text or a list of up to four, none empty.");
      }
      stops.add(one.textValue());
    }
    return new Cut(stops);
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
