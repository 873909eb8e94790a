package opml.guest;

/** Integer division by a variable, total: Java throws, RISC-V answers -1, WebAssembly traps. */
public final class Ints {
  private Ints() {}

  /** a / b rounded toward zero for b > 0, else 0. */
  public static int divide(int a, int b) {
    return b > 0 ? a / b : 0;
  }

  /** a % b with the sign of a for b > 0, else 0. */
  public static int remainder(int a, int b) {
    return b > 0 ? a % b : 0;
  }

  /** The smaller one. */
  public static int min(int a, int b) {
    return a < b ? a : b;
  }
}
