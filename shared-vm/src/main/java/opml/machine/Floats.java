package opml.machine;

/**
 * Single precision by the processor of the host, NaN made canonical. Only operations that Java and
 * WebAssembly round alike: no negation, no conversion to integers, no minimum.
 */
final class Floats {
  private Floats() {}

  static int add(int a, int b) {
    return bits(Float.intBitsToFloat(a) + Float.intBitsToFloat(b));
  }

  static int sub(int a, int b) {
    return bits(Float.intBitsToFloat(a) - Float.intBitsToFloat(b));
  }

  static int mul(int a, int b) {
    return bits(Float.intBitsToFloat(a) * Float.intBitsToFloat(b));
  }

  static int div(int a, int b) {
    return bits(Float.intBitsToFloat(a) / Float.intBitsToFloat(b));
  }

  static int sqrt(int a) {
    return bits((float) Math.sqrt(Float.intBitsToFloat(a)));
  }

  private static int bits(float x) {
    return x != x ? 0x7fc00000 : Float.floatToRawIntBits(x); // INV-07
  }
}
