package opml.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measurements beside the limit they should keep; a ratio of 1 or more keeps it. */
final class BenchRows {
  private final List<Map<String, Object>> rows = new ArrayList<>();

  void atLeast(String what, double ours, double limit) {
    add(what, ours, limit, ours / limit);
  }

  void atMost(String what, double ours, double limit) {
    add(what, ours, limit, limit / ours);
  }

  private void add(String what, double ours, double limit, double ratio) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("what", what);
    row.put("ours", round(ours));
    row.put("limit", round(limit));
    row.put("ratio", round(ratio));
    rows.add(row);
  }

  void print(boolean json) throws IOException {
    if (json) {
      Out.json(Map.of("rows", rows));
    } else {
      rows.forEach(System.out::println);
    }
  }

  static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  private static double round(double v) {
    return Math.round(v * 1000) / 1000.0;
  }
}
