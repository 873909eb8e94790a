package opml.guest;

/**
 * Compile-time loop bounds (docs/protocol.md INV-02). The translator reads the constants and emits
 * no code; on the JVM the calls do nothing.
 */
public final class Bounds {
  private Bounds() {}

  /**
   * First statement of every loop body.
   *
   * @param max how often this body runs at most for one entry into the loop; a constant
   */
  public static void loop(int max) {}

  /**
   * Directly after {@link #loop}, where a tighter bound is known: the body's executions are not
   * multiplied by the bounds of enclosing loops.
   *
   * @param max how often this body runs at most in one operator ({@link Guest#step}), over all
   *     entries; a constant
   */
  public static void total(int max) {}
}
