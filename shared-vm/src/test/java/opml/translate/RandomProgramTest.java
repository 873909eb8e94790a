package opml.translate;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import opml.translate.Node.Kind;
import org.junit.jupiter.api.Test;

/**
 * Random programs of the guest subset give the same result and the same memory on HotSpot and in
 * the VM. More of them: -Dopml.translate.programs=N -Dopml.translate.seed=S; a failing program is
 * shrunk and printed with its seed.
 */
class RandomProgramTest {
  private static final int PROGRAMS = Integer.getInteger("opml.translate.programs", 300);
  private static final long SEED = Long.getLong("opml.translate.seed", 1);
  private static final int INPUTS = 3;

  /** Programs with deep loops would take long and teach nothing. */
  private static final long LONGEST = 2_000_000;

  @Test
  void randomProgramsDoTheSameOnHotSpotAndInTheVm() {
    int run = 0;
    for (long seed = SEED; seed < SEED + PROGRAMS; seed++) {
      RandomProgram program = new RandomProgram(seed);
      String difference = difference(program, seed);
      if (difference == null) {
        continue;
      }
      if (!difference.isEmpty()) {
        fail("seed " + seed + ": " + difference + "\n" + shrunk(program, seed));
      }
      run++;
    }
    assertTrue(run > PROGRAMS / 2, "only " + run + " programs were short enough to run");
  }

  /** What differs, empty when nothing does, null when the program is too long to run. */
  private static String difference(RandomProgram program, long seed) {
    try {
      RandomProgram.Method last = program.methods.getLast();
      Twin twin =
          new Twin(
              Map.of(ProgramWriter.OWNER, ProgramWriter.write(program)),
              ProgramWriter.OWNER,
              "m" + (program.methods.size() - 1),
              last.descriptor());
      if (twin.image().worst() > LONGEST) {
        return null;
      }
      Random random = new Random(seed);
      for (int i = 0; i < INPUTS; i++) {
        byte[] state = state(random);
        int at = Arrays.mismatch(twin.onJvm(state), twin.inVm(state));
        if (at >= 0) {
          return at < Twin.RESULT + 8 ? "results differ" : "memory differs at " + at;
        }
      }
      return "";
    } catch (SubsetException e) {
      return e.toString();
    } catch (RuntimeException e) {
      return e.toString() + (e.getCause() == null ? "" : " " + e.getCause());
    }
  }

  /** Random bytes, many zeros and ones, and some floats that are not numbers. */
  private static byte[] state(Random random) {
    byte[] state = new byte[Twin.STATE_BYTES];
    for (int i = 0; i < state.length; i += 8) {
      long value =
          switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> random.nextInt(10) - 5;
            case 2 -> Float.floatToIntBits(random.nextFloat() * 4 - 2);
            case 3 -> 0x7fc12345ffc00001L;
            default -> random.nextLong();
          };
      for (int k = 0; k < 8; k++) {
        state[i + k] = (byte) (value >> 8 * k);
      }
    }
    return state;
  }

  /** Makes the program smaller as long as something still differs. */
  private static String shrunk(RandomProgram program, long seed) {
    for (boolean smaller = true; smaller; ) {
      smaller = false;
      for (RandomProgram.Method method : program.methods) {
        for (Node node : method.body.all()) {
          smaller |= shrink(node, program, seed);
        }
        for (Node node : method.value.all()) {
          smaller |= shrink(node, program, seed);
        }
      }
    }
    StringBuilder text = new StringBuilder();
    for (RandomProgram.Method method : program.methods) {
      text.append(method.descriptor())
          .append(' ')
          .append(method.variables)
          .append(' ')
          .append(method.body)
          .append(" -> ")
          .append(method.value)
          .append('\n');
    }
    return text + difference(program, seed);
  }

  private static boolean shrink(Node node, RandomProgram program, long seed) {
    Kind kind = node.kind;
    long value = node.value;
    List<Node> children = node.children;
    if (node.expression() && kind != Kind.CONSTANT) {
      node.kind = Kind.CONSTANT;
      node.value = 0;
      node.children = List.of();
    } else if (node.statement() && !(kind == Kind.BLOCK && children.isEmpty())) {
      node.kind = Kind.BLOCK;
      node.children = children.stream().filter(c -> c.statement() && kind != Kind.BLOCK).toList();
    } else {
      return false;
    }
    String still = difference(program, seed);
    if (still != null && !still.isEmpty()) {
      return true;
    }
    node.kind = kind;
    node.value = value;
    node.children = children;
    return false;
  }
}
