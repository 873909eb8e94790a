package opml.machine;

/** The six regions of the address space (docs/protocol.md, section 1). */
public final class Regions {
  public static final int STATE = 0;
  public static final int CODE = 1;
  public static final int INPUT = 2;
  public static final int WEIGHTS = 3;
  public static final int OUTPUT = 4;
  public static final int SCRATCH = 5;

  /** Number of regions. */
  public static final int COUNT = 6;

  /** log2 of the bytes that one region can span. */
  public static final int SHIFT = 40;

  /** Region numbers in commitment order: of sizes in G and of roots in a state. */
  private static final int[] ORDER = {CODE, INPUT, WEIGHTS, STATE, OUTPUT, SCRATCH};

  private Regions() {}

  /** First address of a region. */
  public static long base(int region) {
    return (long) region << SHIFT;
  }

  /** The region at a position of the commitment order, 0 to 5. */
  public static int at(int position) {
    return ORDER[position];
  }

  /** Whether the guest may store there: STATE, OUTPUT and SCRATCH. */
  public static boolean writable(int region) {
    return region == STATE || region == OUTPUT || region == SCRATCH;
  }

  /** Lower-case name, for messages. */
  public static String name(int region) {
    return switch (region) {
      case STATE -> "state";
      case CODE -> "code";
      case INPUT -> "input";
      case WEIGHTS -> "weights";
      case OUTPUT -> "output";
      case SCRATCH -> "scratch";
      default -> "region " + region;
    };
  }
}
