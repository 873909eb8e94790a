package opml.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import opml.step.StepVerifier;

/**
 * Makes the vectors that the contract's tests read: {@code java -cp ... opml.machine.StepVectors
 * FILE}. Each is a witness, whether the step is at a boundary, and both hashes; the machine and
 * StepVerifier.java must agree on them first.
 */
final class StepVectors {
  private static final RegionSizes TINY = new RegionSizes(2, 1, 2, 3, 1, 7);
  static final RegionSizes LARGE = new RegionSizes(12, 10, 23, 23, 11, 7);
  private static final RegionSizes LARGEST = new RegionSizes(35, 35, 35, 35, 35, 35);
  private static final RegionSizes SMALLEST = new RegionSizes(0, 0, 0, 0, 0, 0);
  private static final HexFormat HEX = HexFormat.of();

  private final List<String> rows = new ArrayList<>();
  private final RegionSizes sizes;

  private StepVectors(RegionSizes sizes) {
    this.sizes = sizes;
  }

  public static void main(String[] args) throws IOException {
    Files.writeString(Path.of(args[0]), json());
  }

  static String json() {
    StepVectors tiny = new StepVectors(TINY);
    new VectorCases(tiny).all();
    StepVectors large = new StepVectors(LARGE);
    new VectorCases(large).largeRegions();
    List<String> all = new ArrayList<>(tiny.rows);
    all.addAll(large.rows);
    for (RegionSizes sizes : List.of(LARGEST, SMALLEST)) {
      StepVectors extreme = new StepVectors(sizes);
      new VectorCases(extreme).extremeRegions();
      all.addAll(extreme.rows);
    }
    return "[\n" + String.join(",\n", all) + "\n]\n";
  }

  /** Bytes of a region. */
  long length(int region) {
    return sizes.length(region);
  }

  /**
   * A machine about to run one word at the start of CODE, with registers 5, 6 and 7 set. No other
   * register is zero: a step that writes to one it should not, be it a zero, shows.
   */
  Machine at(int word, long x5, long x6, long x7) {
    byte[] code = {(byte) word, (byte) (word >> 8), (byte) (word >> 16), (byte) (word >> 24)};
    Machine m =
        new Machine(
            sizes,
            new BytePages(code, sizes.code()),
            content(5, 60, sizes.input()),
            content(6, 100, sizes.weights()),
            content(7, 200, sizes.state()),
            content(8, 30, sizes.output()));
    m.resume();
    for (int i = 1; i < 32; i++) {
      Lab.set(m, i, 0x0101010101010101L * i);
    }
    Lab.set(m, 5, x5);
    Lab.set(m, 6, x6);
    Lab.set(m, 7, x7);
    byte[] v = Lab.bytes(9, 32);
    for (int i = 0; i < 32; i++) {
      m.cpu().v[i] = v[i];
    }
    return m;
  }

  private static BytePages content(int seed, int bytes, int size) {
    return new BytePages(Lab.bytes(seed, (int) Math.min(bytes, 32L << size)), size);
  }

  void add(String name, Machine m, boolean boundary) {
    byte[] witness = m.witness(boundary);
    byte[] pre = m.stateHash();
    if (boundary) {
      m.resume();
    }
    m.run(1);
    byte[] both = StepVerifier.verify(witness, boundary);
    boolean same =
        Arrays.equals(pre, Arrays.copyOf(both, 32))
            && Arrays.equals(m.stateHash(), Arrays.copyOfRange(both, 32, 64));
    if (!same) {
      throw new IllegalStateException("machine and verifier differ on " + name);
    }
    rows.add(
        "{\"name\":\""
            + rows.size()
            + " "
            + name
            + "\",\"witness\":\"0x"
            + HEX.formatHex(witness)
            + "\",\"boundary\":"
            + boundary
            + ",\"pre\":\"0x"
            + HEX.formatHex(both, 0, 32)
            + "\",\"post\":\"0x"
            + HEX.formatHex(both, 32, 64)
            + "\"}");
  }

  static byte[] resource() throws IOException {
    try (var in = StepVectors.class.getResourceAsStream("/opml/vectors/step.json")) {
      return in == null ? "".getBytes(StandardCharsets.UTF_8) : in.readAllBytes();
    }
  }
}
