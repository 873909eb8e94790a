package opml.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import opml.commitment.Keccak;
import opml.commitment.Merkle;
import opml.guest.synth.TinyModel;
import opml.machine.BytePages;
import opml.machine.Machine;
import opml.machine.RegionSizes;
import opml.machine.Regions;
import opml.request.Answer;
import opml.request.Request;
import opml.translate.Image;
import opml.translate.Translator;

/** One answer on the JVM and in the VM, with the same state hash after every operator. */
final class Agreement {
  static final int CODE = 11;
  static final Image IMAGE =
      Translator.translate(Agreement::file, "opml/guest/Guest", "step", "(Lopml/guest/Memory;)I");

  private final Trial trial;
  private final RegionSizes sizes;
  private final Machine machine;
  private final Map<Integer, int[]> statePages = new HashMap<>();
  private final Map<Integer, int[]> outputPages = new HashMap<>();
  private final Map<Integer, byte[]> stateNodes = new HashMap<>();
  private final Map<Integer, byte[]> outputNodes = new HashMap<>();
  private final byte[] yielded = new byte[167];

  private Agreement(TinyModel model, byte[] request) {
    trial = new Trial(model, request);
    int state = model.layout().stateSize();
    sizes = new RegionSizes(CODE, Request.REGION, model.weightsSize(), state, Answer.REGION, 7);
    BytePages[] given = {
      new BytePages(IMAGE.code(), CODE),
      new BytePages(request, sizes.input()),
      new BytePages(model.weights(), sizes.weights()),
      new BytePages(new byte[0], state),
      new BytePages(new byte[0], sizes.output())
    };
    machine = new Machine(sizes, given[0], given[1], given[2], given[3], given[4]);
    yielded[0] = 1;
    System.arraycopy(sizes.bytes(), 0, yielded, 1, 6);
    for (int i = 0; i < 3; i++) {
      System.arraycopy(given[i].root(), 0, yielded, 7 + 32 * i, 32);
    }
  }

  /** The answer, when both agree all the way. */
  static Answer answer(TinyModel model, byte[] request) {
    Agreement both = new Agreement(model, request);
    boolean more = true;
    while (more) {
      more = both.operator();
    }
    return both.trial.answer();
  }

  private boolean operator() {
    final String where = "operator " + trial.operators + " of phase " + trial.phase();
    final long steps = Executed.run(machine, Translator.BUDGET);
    final boolean more = trial.step();
    assertTrue(steps < Translator.BUDGET, where);
    assertEquals(
        more ? Machine.YIELDED : Machine.EXITED, machine.status(), where + machine.faultReason());
    byte[] output = root(Regions.OUTPUT);
    if (more) {
      System.arraycopy(root(Regions.STATE), 0, yielded, 103, 32);
      System.arraycopy(output, 0, yielded, 135, 32);
      assertArrayEquals(Keccak.hash(yielded), machine.stateHash(), where);
    } else {
      assertArrayEquals(output, machine.root(Regions.OUTPUT), where);
    }
    return more;
  }

  private byte[] root(int region) {
    int[] words = trial.memory.words(region);
    Map<Integer, int[]> known = region == Regions.STATE ? statePages : outputPages;
    Map<Integer, byte[]> nodes = region == Regions.STATE ? stateNodes : outputNodes;
    for (int page = 0; page * 1024 < words.length; page++) {
      int[] now = Arrays.copyOfRange(words, page * 1024, page * 1024 + 1024);
      if (!Arrays.equals(now, known.put(page, now))) {
        nodes.put(page, Merkle.root(Trial.bytes(now), 7));
      }
    }
    return node(nodes, sizes.of(region) - 7, 0);
  }

  /** The node that covers 2^height pages. */
  private static byte[] node(Map<Integer, byte[]> nodes, int height, int index) {
    if (height == 0) {
      return nodes.getOrDefault(index, Merkle.zero(7));
    }
    byte[] out = new byte[32];
    byte[] left = node(nodes, height - 1, 2 * index);
    Keccak.pair(left, 0, node(nodes, height - 1, 2 * index + 1), 0, out, 0);
    return out;
  }

  private static byte[] file(String owner) {
    try (InputStream in = Guest.class.getResourceAsStream("/" + owner + ".class")) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
