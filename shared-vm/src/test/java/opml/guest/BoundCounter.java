package opml.guest;

import java.util.ArrayList;
import java.util.List;

/**
 * Counts what {@link Bounds} promises; {@link CountingLoader} puts the calls into the guest's
 * classes.
 */
public final class BoundCounter {
  private static final List<String> SITES = new ArrayList<>();
  private static int[] entry = new int[0];
  private static int[] operator = new int[0];

  private BoundCounter() {}

  static int site(String where) {
    SITES.add(where);
    entry = new int[SITES.size()];
    operator = new int[SITES.size()];
    return SITES.size() - 1;
  }

  /** Sites that were reached since the classes were loaded. */
  static int sites() {
    return SITES.size();
  }

  /** A loop is entered from outside. */
  public static void enter(int site) {
    entry[site] = 0;
  }

  /** An operator starts. */
  public static void step() {
    java.util.Arrays.fill(operator, 0);
  }

  /** In place of Bounds.loop. */
  public static void loop(int max, int site) {
    if (++entry[site] > max) {
      throw new AssertionError(SITES.get(site) + " runs more than " + max + " times an entry");
    }
  }

  /** In place of Bounds.total. */
  public static void total(int max, int site) {
    if (++operator[site] > max) {
      throw new AssertionError(SITES.get(site) + " runs more than " + max + " times an operator");
    }
  }
}
