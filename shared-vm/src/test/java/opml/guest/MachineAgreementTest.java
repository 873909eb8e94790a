package opml.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import opml.commitment.Keccak;
import opml.guest.synth.TinyModel;
import opml.machine.BytePages;
import opml.machine.Machine;
import opml.machine.RegionSizes;
import opml.machine.Regions;
import opml.request.Answer;
import opml.request.Request;
import opml.translate.Translator;
import org.junit.jupiter.api.Test;

/** The guest on the JVM and its translation in the VM: one state after every operator. */
final class MachineAgreementTest {
  private static final int CODE = 11;

  @Test
  void statesAreEqualAfterEveryOperatorOfAGreedyAnswer() {
    int[] types = {Tensor.Q8_0};
    compare(TinyModel.random(TinyModel.smallest(), types, 3), Request.raw("Hi, 3?", 4));
  }

  @Test
  void statesAreEqualForMixedTypesAndSampling() {
    int[] types = {
      Tensor.Q4_0,
      Tensor.Q4_1,
      Tensor.Q8_0,
      Tensor.Q5_1,
      Tensor.Q4_0,
      0,
      Tensor.Q4_1,
      Tensor.Q8_0,
      Tensor.Q5_1
    };
    Request request =
        new Request(
            java.util.List.of(new Request.Message(null, "a b")),
            3,
            0.9f,
            20,
            0.95f,
            0x1234_5678_9abcL);
    compare(TinyModel.random(TinyModel.smallest(), types, 4), request);
  }

  @Test
  void statesAreEqualWhenRowsAreNotWholeGroupsAndHeadsShareOperators() {
    Shape shape = new Shape(96, 1, 3, 1, 64, 160, 256, 32, 1e-5f, 10000.0, 1023);
    compare(TinyModel.random(shape, new int[] {Tensor.Q4_1}, 5), Request.raw("xyz", 2));
  }

  private static void compare(TinyModel model, Request request) {
    Trial trial = new Trial(model, request);
    RegionSizes sizes =
        new RegionSizes(
            CODE,
            Request.REGION,
            model.weightsSize(),
            model.layout().stateSize(),
            Answer.REGION,
            7);
    byte[] code = code();
    BytePages weights = new BytePages(model.weights(), sizes.weights());
    BytePages codePages = new BytePages(code, CODE);
    BytePages input = new BytePages(trial.input, sizes.input());
    Machine machine =
        new Machine(sizes, codePages, input, weights, empty(sizes.state()), empty(sizes.output()));
    byte[] fixed = new byte[1 + 6 + 96];
    fixed[0] = 1;
    System.arraycopy(sizes.bytes(), 0, fixed, 1, 6);
    System.arraycopy(codePages.root(), 0, fixed, 7, 32);
    System.arraycopy(input.root(), 0, fixed, 39, 32);
    System.arraycopy(weights.root(), 0, fixed, 71, 32);
    boolean more = true;
    while (more) {
      machine.resume();
      long steps = machine.run(Translator.BUDGET);
      more = trial.step();
      String where = "operator " + trial.operators + " in phase " + trial.phase();
      assertTrue(steps < Translator.BUDGET, where);
      assertEquals(
          more ? Machine.YIELDED : Machine.EXITED, machine.status(), where + machine.faultReason());
      byte[] state = root(trial, Regions.STATE, sizes.state());
      byte[] output = root(trial, Regions.OUTPUT, sizes.output());
      if (more) {
        byte[] image = java.util.Arrays.copyOf(fixed, 167);
        System.arraycopy(state, 0, image, 103, 32);
        System.arraycopy(output, 0, image, 135, 32);
        assertArrayEquals(Keccak.hash(image), machine.stateHash(), where);
      } else {
        assertArrayEquals(output, machine.root(Regions.OUTPUT), where);
      }
    }
    assertTrue(trial.answer().completionTokens() > 1);
  }

  private static BytePages empty(int size) {
    return new BytePages(new byte[0], size);
  }

  private static byte[] root(Trial trial, int region, int size) {
    return new BytePages(Trial.bytes(trial.memory.words(region)), size).root();
  }

  static byte[] code() {
    return Translator.translate(
            MachineAgreementTest::file, "opml/guest/Guest", "step", "(Lopml/guest/Memory;)I")
        .code();
  }

  private static byte[] file(String owner) {
    try (InputStream in = Guest.class.getResourceAsStream("/" + owner + ".class")) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
