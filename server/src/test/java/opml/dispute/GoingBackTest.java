package opml.dispute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.catalog.Progress;
import opml.game.Trace;
import opml.inference.Engine;
import opml.inference.emitted.Emission;
import opml.inference.emitted.Level;
import opml.request.Request;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Going back in a native run and forwards again: the same states, hardly anything run twice. */
class GoingBackTest {
  private static final byte[] INPUT = Request.ask("Tell me a tale", 12).encode();
  private static final long PLENTY = 64L << 20;
  @TempDir private static Path home;
  private static ModelImage image;
  private static Engine engine;
  private static EngineProgram program;
  private static Answered truth;

  @BeforeAll
  static void open() throws IOException {
    image = new ModelStore(home).open("opml-tiny", Progress.NONE);
    engine = new Engine(image, 1);
    program = new EngineProgram(image, engine);
    truth = Answered.by(program, INPUT);
  }

  @AfterAll
  static void close() {
    engine.close();
    image.close();
  }

  /** Some indices at and inside operators, in random order. */
  private static List<Long> somewhere(int count, long seed) {
    Random random = new Random(seed);
    List<Long> indices = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long inside = random.nextInt(3) == 0 ? random.nextInt(2000) : 0;
      indices.add(random.nextLong(truth.operators() + 2) << 24 | inside);
    }
    return indices;
  }

  private static void agree(Program one, long bytes, long seed) {
    List<Long> indices = somewhere(40, seed);
    try (ReplayTrace straight = new ReplayTrace(one, INPUT, 0);
        ReplayTrace jumping = new ReplayTrace(one, INPUT, bytes)) {
      straight.expect(indices);
      for (long index : indices) {
        assertArrayEquals(straight.state(index), jumping.state(index), "state " + index);
      }
    }
  }

  @Test
  void aStateIsTheSameWhereverTheRunCameFrom() {
    agree(program, PLENTY, 1);
  }

  @Test
  void aBudgetThatHoldsLittleOrNothingChangesOnlyTheSpeed() {
    for (long bytes : new long[] {1, 100_000, 500_000}) {
      agree(program, bytes, 2);
    }
  }

  @Test
  void aLiarsTraceIsTheSameToo() {
    long page = 2 * 4096;
    for (Fault fault :
        List.of(
            new Fault.Activation(150, page, 1 << 30),
            new Fault.Instruction(400, 20, 10, 1 << 12))) {
      agree(new FaultyProgram(program, fault), PLENTY, 4);
    }
  }

  @Test
  void askingInAnyOrderRunsAtMostOneTokenForAState() {
    List<Long> indices = new ArrayList<>(somewhere(200, 5));
    try (ReplayTrace trace = new ReplayTrace(program, INPUT, PLENTY)) {
      trace.state(truth.operators() << 24);
      assertTrue(trace.work() <= truth.operators(), "at most once");
      long token = 0; // operators from boundary to boundary, at most
      for (long index : indices) {
        long before = trace.work();
        trace.state(index);
        token = Math.max(token, trace.work() - before);
      }
      // the prompt's text is read before the first token: that is run again from the beginning
      assertTrue(token < truth.operators() / 4, token + " of " + truth.operators());
    }
  }

  @Test
  void aTraceAtRestGoesOnWithTheSameStates() {
    List<Long> indices = somewhere(30, 8);
    try (ReplayTrace straight = new ReplayTrace(program, INPUT, 0);
        ReplayTrace resting = new ReplayTrace(program, INPUT, PLENTY)) {
      straight.expect(indices);
      for (long index : indices) {
        assertArrayEquals(straight.state(index), resting.state(index), "state " + index);
        resting.rest();
      }
    }
  }

  @Test
  void whoWasAnsweredBeforeIsNotAnsweredAgain() {
    try (ReplayTrace first = new ReplayTrace(program, INPUT, 0)) {
      first.answer();
    }
    long late = truth.operators() - 2;
    try (ReplayTrace again = new ReplayTrace(program, INPUT, 0)) {
      again.state(late << 24);
      boolean rebuilt = Emission.has(Level.AVX2); // else the tokens are run one by one
      assertEquals(rebuilt, again.work() < truth.operators() / 4, again.work() + " operators");
    }
  }

  @Test
  void whatManyGamesWantIsFoundInOnePass() {
    List<Long> indices = somewhere(300, 6);
    Collections.shuffle(indices, new Random(7));
    try (ReplayTrace trace = new ReplayTrace(program, INPUT, 0)) {
      trace.expect(indices);
      assertTrue(trace.work() <= truth.operators(), trace.work() + " of " + truth.operators());
      long once = trace.work();
      indices.forEach(((Trace) trace)::state);
      assertTrue(once == trace.work(), "states already computed were computed again");
    }
  }
}
