package opml.perceptron;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import opml.guest.ArrayMemory;
import opml.guest.Wire;
import opml.machine.BytePages;
import opml.machine.Machine;
import opml.machine.RegionSizes;
import opml.machine.Regions;
import opml.request.Answer;
import opml.request.Request;
import opml.translate.Translator;
import org.junit.jupiter.api.Test;

/** The second program, on the JVM and translated in the VM, byte for byte. */
final class PerceptronTest {
  private static final int INPUTS = 84;

  @Test
  void statesAreEqualAfterEveryOperator() throws Exception {
    for (int seed = 0; seed < 20; seed++) {
      String answer = answer(model(seed, 96, 64, 10), image(seed, INPUTS));
      String[] parts = answer.split(" ");
      assertEquals(11, parts.length, answer);
      int sum = Arrays.stream(parts).skip(1).mapToInt(Integer::parseInt).sum();
      assertTrue(Math.abs(sum - 1000) <= 5, answer);
      int best = Integer.parseInt(parts[0]);
      for (int i = 1; i < parts.length; i++) {
        assertTrue(Integer.parseInt(parts[i]) <= Integer.parseInt(parts[best + 1]), answer);
      }
    }
  }

  @Test
  void anotherImageHasAnotherAnswer() throws Exception {
    byte[] model = model(1, 32, 10);
    assertNotEquals(answer(model, image(1, INPUTS)), answer(model, image(2, INPUTS)));
  }

  @Test
  void whatIsNoImageOfThisSizeIsRefused() throws Exception {
    byte[] model = model(1, 32, 10);
    assertEquals(Wire.BAD_REQUEST, status(model, image(1, INPUTS - 1)));
    assertEquals(Wire.BAD_REQUEST, status(model, Request.raw("x".repeat(INPUTS), 1).encode()));
    assertEquals(Wire.BAD_REQUEST, status(model, new byte[0]));
  }

  @Test
  void aModelBeyondTheCapsIsRefused() throws Exception {
    assertEquals(Wire.BAD_MODEL, status(model(1, 32, 11), image(1, INPUTS)));
    assertEquals(Wire.BAD_MODEL, status(model(1, 33, 10), image(1, INPUTS)));
    assertEquals(Wire.BAD_MODEL, status(model(1, 1056, 10), image(1, INPUTS)));
    assertEquals(Wire.BAD_MODEL, status(new byte[64], image(1, INPUTS)));
    byte[] wide = model(1, 32, 10);
    wide[9] = 4; // 1108 inputs
    assertEquals(Wire.BAD_MODEL, status(wide, image(1, INPUTS)));
  }

  @Test
  void valuesBeyondFloatsAreAnAnswerToo() throws Exception {
    byte[] model = model(1, 32, 32, 10);
    for (int at = model.length - 64; at >= 64; at -= 4) { // every bias and quant becomes 0x7f7f7f7f
      if (at >= 64 + 6 * 64 + 64) {
        Arrays.fill(model, at, at + 4, (byte) 0x7f);
      }
    }
    assertEquals(Wire.NUMERIC, status(model, image(1, INPUTS)));
  }

  private static byte[] image(int seed, int n) {
    byte[] pixels = new byte[n];
    new Random(seed).nextBytes(pixels);
    return Request.image(pixels);
  }

  private static byte[] model(int seed, int... widths) {
    Random random = new Random(seed);
    List<PerceptronImage.Layer> layers = new ArrayList<>();
    int columns = 96;
    for (int rows : widths) {
      byte[] quants = new byte[rows * columns];
      random.nextBytes(quants);
      byte[] scales = new byte[(rows * columns + 31) / 32 * 2];
      for (int i = 0; i < scales.length; i += 2) {
        scales[i] = (byte) random.nextInt();
        scales[i + 1] = 0x10; // about 2^-11
      }
      float[] bias = new float[rows];
      for (int i = 0; i < rows; i++) {
        bias[i] = random.nextFloat() - 0.5f;
      }
      layers.add(new PerceptronImage.Layer(columns, quants, scales, bias));
      columns = rows;
    }
    return new PerceptronImage(INPUTS, 16383, layers).weights();
  }

  private static String answer(byte[] model, byte[] input) throws Exception {
    byte[] output = run(model, input);
    assertEquals(Wire.STOP, output[0]);
    return new String(output, 16, output[12], StandardCharsets.US_ASCII);
  }

  private static int status(byte[] model, byte[] input) throws Exception {
    return run(model, input)[0];
  }

  /** OUTPUT, when JVM and VM agree on STATE and OUTPUT after every operator. */
  private static byte[] run(byte[] model, byte[] input) throws Exception {
    byte[] code;
    try (var in = Perceptron.class.getResourceAsStream("/opml/perceptron.code")) {
      code = in.readAllBytes();
    }
    int weights = size(model);
    RegionSizes sizes =
        new RegionSizes(
            size(code), Request.REGION, weights, PerceptronHeader.STATE_SIZE, Answer.REGION, 7);
    ArrayMemory memory =
        new ArrayMemory(input, model, Request.REGION, weights, sizes.state(), Answer.REGION);
    Machine machine =
        new Machine(
            sizes,
            new BytePages(code, sizes.code()),
            new BytePages(input, sizes.input()),
            new BytePages(model, sizes.weights()),
            new BytePages(new byte[0], sizes.state()),
            new BytePages(new byte[0], sizes.output()));
    boolean more = true;
    while (more) {
      more = Perceptron.step(memory) == 0;
      machine.resume();
      assertTrue(machine.run(Translator.BUDGET) < Translator.BUDGET);
      assertEquals(
          more ? Machine.YIELDED : Machine.EXITED, machine.status(), machine.faultReason());
      for (int region : new int[] {Regions.STATE, Regions.OUTPUT}) {
        byte[] words = bytes(memory.words(region));
        byte[] root = new BytePages(words, sizes.of(region)).root();
        assertArrayEquals(root, machine.root(region), "region " + region);
      }
    }
    return Arrays.copyOf(bytes(memory.words(Regions.OUTPUT)), 128);
  }

  /** log2 of the leaves that hold it. */
  private static int size(byte[] content) {
    return 32 - Integer.numberOfLeadingZeros((content.length + 31) / 32 - 1);
  }

  private static byte[] bytes(int[] words) {
    byte[] out = new byte[4 * words.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) (words[i >> 2] >>> 8 * (i & 3));
    }
    return out;
  }
}
