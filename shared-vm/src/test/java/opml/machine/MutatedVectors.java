package opml.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * What StepVerifier.java makes of changed witnesses, for the contract's tests: {@code java -cp ...
 * opml.machine.MutatedVectors FILE [SEED [COUNT]]}. A row names its vector in step.json, the new
 * length, the bytes that differ (place:2 | value:1 each; zeros beyond the old end) and the verdict.
 */
final class MutatedVectors {
  private static final int COUNT = 600;
  private static final HexFormat HEX = HexFormat.of();
  private static final String NONE = "0".repeat(64);

  private MutatedVectors() {}

  public static void main(String[] args) throws IOException {
    long seed = args.length > 1 ? Long.parseLong(args[1]) : 1;
    int count = args.length > 2 ? Integer.parseInt(args[2]) : COUNT;
    Files.writeString(Path.of(args[0]), json(seed, count));
  }

  static String json() {
    return json(1, COUNT);
  }

  private static String json(long seed, int count) {
    List<Mutation.Base> bases = Mutation.bases(StepVectors.json());
    Random random = new Random(seed);
    List<String> rows = new ArrayList<>();
    while (rows.size() < count) {
      Mutation m = new Mutation(bases, random);
      byte[] both = m.verdict();
      if (both != null || random.nextInt(3) == 0) { // refusals are easy to come by
        rows.add(row(m, bases.get(m.row).witness(), both));
      }
    }
    return "[\n" + String.join(",\n", rows) + "\n]\n";
  }

  private static String row(Mutation m, byte[] before, byte[] both) {
    byte[] old = Arrays.copyOf(before, m.witness.length);
    StringBuilder patches = new StringBuilder();
    for (int i = 0; i < old.length; i++) {
      if (old[i] != m.witness[i]) {
        patches.append(HEX.toHexDigits((short) i)).append(HEX.toHexDigits(m.witness[i]));
      }
    }
    return "{\"row\":"
        + m.row
        + ",\"boundary\":"
        + m.boundary
        + ",\"length\":"
        + m.witness.length
        + ",\"patches\":\"0x"
        + patches
        + "\",\"accepted\":"
        + (both != null)
        + ",\"pre\":\"0x"
        + (both == null ? NONE : HEX.formatHex(both, 0, 32))
        + "\",\"post\":\"0x"
        + (both == null ? NONE : HEX.formatHex(both, 32, 64))
        + "\"}";
  }

  static byte[] resource() throws IOException {
    try (var in = MutatedVectors.class.getResourceAsStream("/opml/vectors/mutated.json")) {
      return in == null ? "".getBytes(StandardCharsets.UTF_8) : in.readAllBytes();
    }
  }
}
