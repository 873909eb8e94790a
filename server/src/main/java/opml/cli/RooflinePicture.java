package opml.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A roofline (Williams, Waterman, Patterson 2009) as SVG: products of weight and activation a
 * second over products a byte of weights read, both axes logarithmic.
 */
final class RooflinePicture {
  private static final double WIDTH = 860;
  private static final double LEFT = 62;
  private static final double RIGHT = 690;
  private static final double TOP = 46;
  private static final double BOTTOM = 420;
  private static final double LEAST_X = 0.5;
  private static final double MOST_X = 128;
  private static final double LEAST_Y = 5;
  private static final double MOST_Y = 320;
  private static final double LEGEND = BOTTOM + 64;
  private static final double ROW = 15;
  private static final int COLUMNS = 2;

  private final StringBuilder body = new StringBuilder();
  private final NavigableMap<Double, String> ceilings = new TreeMap<>(); // by height
  private final String title;
  private final List<double[]> numbers = new ArrayList<>();
  private int points;

  /**
   * An empty picture.
   *
   * @param title what was measured, where and when
   */
  RooflinePicture(String title) {
    this.title = title;
    for (double x = LEAST_X; x <= MOST_X; x *= 2) {
      line("grid", x(x), TOP, x(x), BOTTOM);
      text("tick", x(x), BOTTOM + 16, "middle", number(x));
    }
    for (double y = LEAST_Y; y <= MOST_Y; y *= 2) {
      line("grid", LEFT, y(y), RIGHT, y(y));
      text("tick", LEFT - 6, y(y) + 4, "end", number(y));
    }
    text("axis", (LEFT + RIGHT) / 2, BOTTOM + 36, "middle", "products a byte of weights read");
    text("axis", LEFT - 46, TOP - 10, "start", "10⁹ products a second");
  }

  /** What memory allows: a line through the origin. */
  void bandwidth(String name, double gigabytesPerSecond) {
    double from = Math.max(LEAST_X, LEAST_Y / gigabytesPerSecond);
    double to = Math.min(MOST_X, MOST_Y / gigabytesPerSecond);
    line("roof", x(from), y(from * gigabytesPerSecond), x(to), y(to * gigabytesPerSecond));
    text("name", x(to) - 34, y(to * gigabytesPerSecond) + 14, "end", name);
  }

  /** What arithmetic allows: a level line, named beside the picture. */
  void arithmetic(String name, double gigaProducts) {
    line("ceiling", LEFT, y(gigaProducts), RIGHT, y(gigaProducts));
    ceilings.put(-y(gigaProducts), name);
  }

  /** A measurement: a number in the picture, named below it. */
  void point(String name, double productsPerByte, double gigaProducts) {
    points++;
    double x = x(productsPerByte);
    double y = y(gigaProducts);
    body.append(
        String.format(
            Locale.ROOT, "<circle class=\"point\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>%n", x, y));
    number(x, y);
    double column = LEFT - 46 + (points - 1) % COLUMNS * (WIDTH - 16) / COLUMNS;
    int above = (points - 1) / COLUMNS;
    double row = LEGEND + above * ROW;
    text("name", column, row, "start", points + "  " + name + ": " + number(gigaProducts));
  }

  /** Beside the point, where it covers no other number. */
  private void number(double x, double y) {
    double[] at = {x + 13, y};
    for (int[] step : new int[][] {{13, 0}, {-13, 0}, {0, -13}, {0, 13}, {13, 13}, {-13, -13}}) {
      at = new double[] {x + step[0], y + step[1]};
      double[] here = at;
      if (numbers.stream().noneMatch(n -> Math.hypot(n[0] - here[0], n[1] - here[1]) < 13)) {
        break;
      }
    }
    numbers.add(at);
    text("number", at[0], at[1] + 4, "middle", Integer.toString(points));
  }

  /** The nearest height below the line at which a name covers no other; from the top down. */
  private void nameCeilings() {
    double last = 0;
    for (Map.Entry<Double, String> ceiling : ceilings.descendingMap().entrySet()) {
      last = Math.max(-ceiling.getKey() + 4, last + ROW);
      text("name", RIGHT + 6, last, "start", ceiling.getValue());
    }
  }

  private static double x(double v) {
    return LEFT + (RIGHT - LEFT) * Math.log(v / LEAST_X) / Math.log(MOST_X / LEAST_X);
  }

  private static double y(double v) {
    double inside = Math.min(MOST_Y, Math.max(LEAST_Y, v));
    return BOTTOM - (BOTTOM - TOP) * Math.log(inside / LEAST_Y) / Math.log(MOST_Y / LEAST_Y);
  }

  private static String number(double v) {
    return v == Math.rint(v) ? Long.toString((long) v) : String.format(Locale.ROOT, "%.1f", v);
  }

  private void line(String kind, double x1, double y1, double x2, double y2) {
    body.append(
        String.format(
            Locale.ROOT,
            "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n",
            kind,
            x1,
            y1,
            x2,
            y2));
  }

  private void text(String kind, double x, double y, String anchor, String words) {
    body.append(
        String.format(
            Locale.ROOT,
            "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
            kind,
            x,
            y,
            anchor,
            words.replace("&", "&amp;").replace("<", "&lt;")));
  }

  /** The picture; readable on light and dark pages. */
  String svg() {
    nameCeilings();
    int rows = (points + COLUMNS - 1) / COLUMNS;
    double height = LEGEND + rows * ROW;
    String style =
        "text{font:12px system-ui,sans-serif;fill:#555}.title{font-weight:600;fill:#222}"
            + ".grid{stroke:#8884;stroke-width:1}.roof{stroke:#2563eb;stroke-width:2}"
            + ".ceiling{stroke:#b45309;stroke-width:1.5;stroke-dasharray:6 4}"
            + ".point{fill:#059669}.number{fill:#065f46;font-weight:600}rect{fill:#fff}"
            + "@media(prefers-color-scheme:dark){text{fill:#bbb}.title{fill:#eee}rect{fill:#111}"
            + ".roof{stroke:#60a5fa}.ceiling{stroke:#f59e0b}.point{fill:#34d399}.number{fill:#6ee7b7}}";
    return String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" role=\"img\">%n"
                + "<title>%s</title><style>%s</style><rect width=\"100%%\" height=\"100%%\"/>%n"
                + "<text class=\"title\" x=\"%.0f\" y=\"18\">%s</text>%n",
            WIDTH,
            height,
            title,
            style,
            LEFT - 46,
            title)
        + body
        + "</svg>\n";
  }
}
