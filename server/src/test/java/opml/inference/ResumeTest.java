package opml.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import opml.guest.Shape;
import opml.guest.Tensor;
import opml.guest.synth.TinyModel;
import opml.inference.emitted.Emission;
import opml.inference.emitted.Level;
import opml.request.Request;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** States inside tokens, from a layer whose residual stream was kept: those of single operators. */
class ResumeTest {
  private static final int LAYERS = 11;
  private static final long PLENTY = 64L << 20;
  private static final byte[] INPUT = Request.raw("a prompt of some tokens", 9).encode();
  private static final TinyModel MODEL =
      TinyModel.random(
          new Shape(64, LAYERS, 4, 2, 32, 96, 256, 64, 1e-5f, 10000.0, 16383),
          new int[] {Tensor.Q8_0, Tensor.Q4_0, Tensor.Q4_1, Tensor.Q4_0},
          5);
  private static final List<byte[]> STATES = new ArrayList<>();
  private static byte[] output;

  @BeforeAll
  static void runByOperators() {
    try (Arena arena = Arena.ofShared();
        Engine engine = PrefillTest.engine(arena, MODEL, 1);
        Run run = engine.start(INPUT)) {
      boolean goesOn = true;
      while (goesOn) {
        STATES.add(run.stateHash());
        goesOn = run.operator();
      }
      STATES.add(run.stateHash());
      output = run.output();
    }
  }

  private static List<Integer> everyOperator(int seed) {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < STATES.size(); i++) {
      all.add(i);
    }
    Collections.shuffle(all, new Random(seed));
    return all;
  }

  private static void look(Run run, int operator) {
    run.approach(operator);
    run.replayTo(operator);
    assertEquals(operator, run.operators());
    assertArrayEquals(STATES.get(operator), run.stateHash(), "operator " + operator);
  }

  @Test
  void everyStateIsTheSameInAnyOrderWhateverIsKept() {
    try (Arena arena = Arena.ofShared();
        Engine engine = PrefillTest.engine(arena, MODEL, 2)) {
      for (long bytes : new long[] {PLENTY, 30_000, 0}) {
        try (Run run = engine.start(INPUT, new Boundaries())) {
          run.keep(bytes);
          everyOperator(1).forEach(operator -> look(run, operator));
          try (Run fork = run.fork(engine)) {
            fork.keep(bytes);
            everyOperator(2).subList(0, 100).forEach(operator -> look(fork, operator));
          }
        }
      }
    }
  }

  /** Of a claimed answer, with guesses that are wrong from somewhere on. */
  @Test
  void aRunThatWasComparedWithAClaimGoesBackToTheSameStates() {
    try (Arena arena = Arena.ofShared();
        Engine engine = PrefillTest.engine(arena, MODEL, 2)) {
      for (int wrong = 16; wrong <= output.length; wrong += 2) {
        byte[] claimed = output.clone();
        for (int i = wrong; i < claimed.length; i++) {
          claimed[i]++;
        }
        try (Run run = engine.start(INPUT, new Boundaries())) {
          run.keep(PLENTY);
          run.finish(engine.draft(claimed), text -> {}, () -> false);
          assertEquals(STATES.size() - 1, run.operators());
          everyOperator(3).subList(0, 200).forEach(operator -> look(run, operator));
        }
      }
    }
  }

  /** Tokens are known from a run before, and nothing else: rows are made some at once, and kept. */
  @Test
  void whoKnowsTheTokensFindsTheSameStatesWithoutRunningThem() {
    assumeTrue(Emission.has(Level.AVX2), "without it tokens are run one by one");
    try (Arena arena = Arena.ofShared();
        Engine engine = PrefillTest.engine(arena, MODEL, 2);
        Run before = engine.start(INPUT)) {
      before.replayTo(Long.MAX_VALUE);
      Boundaries known = new Boundaries(before.boundaries());
      try (Run run = engine.start(INPUT, known)) {
        run.keep(PLENTY);
        int stride = STATES.size() / 30;
        for (int operator = stride; operator < STATES.size(); operator += stride) {
          look(run, operator);
        }
        int position = known.before(run.operators() - 1).position() - 1;
        assertTrue(known.row(position) != null, "its row is kept");
        assertEquals(8, known.layerKept(position, LAYERS - 1), "and its residual stream");
      }
    }
  }
}
