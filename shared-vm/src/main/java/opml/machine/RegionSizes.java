package opml.machine;

/**
 * Sizes of the regions in commitment order, each as log2 of its 32-byte leaves: 0 (32 bytes) to 35
 * (2^40 bytes, all that an address can name).
 */
public record RegionSizes(int code, int input, int weights, int state, int output, int scratch) {
  /** Largest size of a region. */
  public static final int MAX = 35;

  public RegionSizes {
    check("code", code);
    check("input", input);
    check("weights", weights);
    check("state", state);
    check("output", output);
    check("scratch", scratch);
  }

  private static void check(String name, int size) {
    if (size < 0 || size > MAX) {
      throw new IllegalArgumentException(
          "size of " + name + " is " + size + ": 0 to 35 is allowed");
    }
  }

  /** The sizes G as they stand in states and in the model identity, 6 bytes. */
  public byte[] bytes() {
    return new byte[] {
      (byte) code, (byte) input, (byte) weights, (byte) state, (byte) output, (byte) scratch
    };
  }

  /** Reads the six bytes of {@link #bytes}. */
  public static RegionSizes of(byte[] b, int off) {
    return new RegionSizes(b[off], b[off + 1], b[off + 2], b[off + 3], b[off + 4], b[off + 5]);
  }

  /** Size of a region by its number in {@link Regions}. */
  public int of(int region) {
    return switch (region) {
      case Regions.STATE -> state;
      case Regions.CODE -> code;
      case Regions.INPUT -> input;
      case Regions.WEIGHTS -> weights;
      case Regions.OUTPUT -> output;
      case Regions.SCRATCH -> scratch;
      default -> throw new IllegalArgumentException("there is no region " + region);
    };
  }

  /** Bytes that a region spans: 32 * 2^size. */
  public long length(int region) {
    return 32L << of(region);
  }
}
