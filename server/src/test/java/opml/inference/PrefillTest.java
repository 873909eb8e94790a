package opml.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import opml.catalog.GuestProgram;
import opml.guest.Control;
import opml.guest.Guest;
import opml.guest.Header;
import opml.guest.Shape;
import opml.guest.Tensor;
import opml.guest.synth.TinyModel;
import opml.inference.emitted.Emission;
import opml.inference.emitted.Level;
import opml.machine.RegionSizes;
import opml.request.Answer;
import opml.request.Request;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PrefillTest {
  private static final byte[] NO_ROOT = new byte[32];
  private static final byte[] INPUT =
      Request.raw("a prompt of some forty tokens, one for a byte", 3).encode();

  @BeforeEach
  void processorRunsEmittedKernels() {
    assumeTrue(Emission.has(Level.AVX2), "without them prompts go operator by operator");
  }

  static TinyModel model(int dim, int... types) {
    return TinyModel.random(
        new Shape(dim, 2, 4, 2, 32, 96, 256, 64, 1e-5f, 10000.0, 16383), types, 7);
  }

  static Engine engine(Arena arena, TinyModel model, int threads) {
    byte[] bytes = model.weights();
    MemorySegment w = arena.allocate(bytes.length, 64);
    MemorySegment.copy(bytes, 0, w, ValueLayout.JAVA_BYTE, 0, bytes.length);
    RegionSizes sizes =
        new RegionSizes(7, 10, model.weightsSize(), model.layout().stateSize(), 11, 7);
    return new Engine(GuestProgram.LANGUAGE_MODEL, sizes, w, threads, () -> NO_ROOT, () -> NO_ROOT);
  }

  private static void everyReplay(TinyModel model, int threads) {
    try (Arena arena = Arena.ofShared();
        Engine engine = engine(arena, model, threads);
        Run single = engine.start(INPUT)) {
      List<byte[]> hashes = new ArrayList<>(List.of(single.stateHash()));
      boolean on = true;
      while (on) {
        on = single.operator();
        hashes.add(single.stateHash());
      }
      for (int k = 1; k < hashes.size(); k += 7) {
        try (Run run = engine.start(INPUT)) {
          run.replayTo(k);
          assertEquals(k, run.operators());
          assertArrayEquals(hashes.get(k), run.stateHash(), "operator " + k);
        }
      }
      try (Run run = engine.start(INPUT)) {
        run.finish(s -> {}, () -> false);
        assertEquals(single.operators(), run.operators());
        assertArrayEquals(single.output(), run.output());
      }
    }
  }

  @Test
  void biasesOfJoinedAndOfSeparateProjectionsAreAdded() {
    Shape shape = new Shape(64, 2, 4, 2, 32, 96, 256, 64, 1e-5f, 10000.0, 16383);
    everyReplay(TinyModel.biased(shape, new int[] {Tensor.Q8_0}, 9), 2);
    int[] mixed = {Tensor.Q8_0, Tensor.Q4_0, Tensor.Q4_1, Tensor.Q8_0};
    everyReplay(TinyModel.biased(shape, mixed, 9), 2);
  }

  @Test
  void statesAreThoseOfSingleOperatorsInEveryFormat() {
    int[][] types = {
      {Tensor.Q8_0},
      {Tensor.Q4_0},
      {Tensor.Q4_1, Tensor.Q4_1, Tensor.Q4_0, Tensor.Q8_0, Tensor.Q5_1},
      {Tensor.Q8_0, Tensor.Q4_0, Tensor.Q4_1, Tensor.Q5_1, Tensor.Q8_0}
    };
    for (int i = 0; i < types.length; i++) {
      everyReplay(model(64 + 96 * i, types[i]), 1 + i % 2);
    }
  }

  @Test
  void statesAreThoseOfSingleOperatorsInEveryKFormat() {
    Shape shape = new Shape(256, 2, 8, 2, 32, 256, 256, 64, 1e-5f, 10000.0, 16383);
    everyReplay(TinyModel.random(shape, new int[] {Tensor.Q4_K}, 7), 1);
    int[] all = {Tensor.Q2_K, Tensor.Q3_K, Tensor.Q4_K, Tensor.Q5_K, Tensor.Q6_K, Tensor.Q8_0};
    everyReplay(TinyModel.random(shape, all, 8), 2);
  }

  @Test
  void aNumberThatIsNotFiniteEndsTheAnswerAtTheSameOperator() {
    TinyModel model = model(64, Tensor.Q8_0);
    int entry = Tensor.LAYERS + Tensor.PER_LAYER + Tensor.FFN_NORM;
    int at = Header.BYTES + entry * Tensor.BYTES + Tensor.PLANES;
    long plane = 0;
    for (int i = 4; i >= 0; i--) {
      plane = plane << 8 | model.weights()[at + i] & 0xff;
    }
    model.weights()[(int) plane + 3] = 0x7f;
    model.weights()[(int) plane + 2] = (byte) 0xc0;
    everyReplay(model, 2);
    try (Arena arena = Arena.ofShared();
        Engine engine = engine(arena, model, 1);
        Run run = engine.start(INPUT)) {
      run.finish(s -> {}, () -> false);
      assertEquals(Answer.Status.NUMERIC, Answer.decode(run.output()).status());
    }
  }

  @Test
  void tokensAreDoneAtOnce() {
    try (Arena arena = Arena.ofShared();
        Engine engine = engine(arena, model(64, Tensor.Q4_0), 1);
        Team team = new Team(2);
        Run run = engine.start(INPUT)) {
      NativeMemory m = run.memory();
      while (m.loadI32(Control.PHASE) != Guest.P_FORWARD) {
        run.operator();
      }
      Prefill prefill = new Prefill(m, arena, team, Watch.NONE);
      assertEquals(0, prefill.run(1), "no room for a token");
      assertTrue(prefill.run(Long.MAX_VALUE) > 2);
      assertEquals(BatchForward.MAX, m.loadI32(Control.POSITION));
    }
  }
}
