package opml.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import opml.commitment.Merkle;
import opml.guest.ArrayMemory;
import opml.guest.Guest;
import opml.guest.Tensor;
import opml.guest.synth.TinyModel;
import opml.machine.RegionSizes;
import opml.request.Answer;
import opml.request.Request;
import org.junit.jupiter.api.Test;

class RunTest {
  private final TinyModel model =
      TinyModel.random(
          TinyModel.smallest(),
          new int[] {Tensor.Q8_0, Tensor.Q4_0, Tensor.Q4_1, Tensor.Q5_1, Tensor.Q8_0},
          7);
  private final RegionSizes sizes =
      new RegionSizes(7, 10, model.weightsSize(), model.layout().stateSize(), 11, 7);

  private Engine engine(Arena arena, int threads) {
    return PrefillTest.engine(arena, model, threads);
  }

  @Test
  void everyOperatorLeavesTheMemoryThatThePlainFormLeaves() {
    byte[] input = Request.raw("abc", 4).encode();
    ArrayMemory plain =
        new ArrayMemory(
            input, model.weights(), sizes.input(), sizes.weights(), sizes.state(), sizes.output());
    try (Arena arena = Arena.ofShared();
        Engine engine = engine(arena, 2);
        Run run = engine.start(input)) {
      boolean on = true;
      while (on) {
        on = Guest.step(plain) == 0;
        assertEquals(on, run.operator(), "operator " + run.operators());
        int[] words = plain.words(0);
        MemorySegment state = run.memory().state;
        for (int i = 0; i < words.length; i++) {
          if (words[i] != state.get(ValueLayout.JAVA_INT, 4L * i)) {
            assertEquals(words[i], state.get(ValueLayout.JAVA_INT, 4L * i), "word " + i);
          }
        }
      }
      assertTrue(run.exited());
      assertEquals(4, Answer.decode(run.output()).completionTokens());
      byte[] all = run.memory().state.toArray(ValueLayout.JAVA_BYTE);
      assertArrayEquals(Merkle.root(all, sizes.state()), run.memory().statePages.root());
    }
  }

  @Test
  void answersDoNotDependOnThreadsOrOtherRuns() throws InterruptedException {
    byte[] input = Request.raw("hello there", 20).encode();
    try (Arena arena = Arena.ofShared();
        Engine one = engine(arena, 1);
        Engine three = engine(arena, 3)) {
      byte[] wanted;
      try (Run run = one.start(input)) {
        run.finish(s -> {}, () -> false);
        wanted = run.stateHash();
      }
      List<Thread> threads = new ArrayList<>();
      List<byte[]> found = java.util.Collections.synchronizedList(new ArrayList<>());
      for (int i = 0; i < 3; i++) {
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      try (Run run = three.start(input)) {
                        run.finish(s -> {}, () -> false);
                        found.add(run.stateHash());
                      }
                    }));
      }
      for (Thread t : threads) {
        t.join();
      }
      assertEquals(3, found.size());
      found.forEach(hash -> assertArrayEquals(wanted, hash));
    }
  }

  @Test
  void aRunCanBeReplayedToAnyOperatorAndCancelled() {
    byte[] input = Request.raw("xyz", 8).encode();
    try (Arena arena = Arena.ofShared();
        Engine engine = engine(arena, 2);
        Run a = engine.start(input);
        Run b = engine.start(input)) {
      List<byte[]> hashes = new ArrayList<>();
      while (a.operator()) {
        hashes.add(a.stateHash());
      }
      int half = hashes.size() / 2;
      assertTrue(b.replayTo(half));
      assertArrayEquals(hashes.get(half - 1), b.stateHash());
      int[] asked = {0};
      b.finish(s -> {}, () -> ++asked[0] > 3);
      assertEquals(half + 3, b.operators());
      assertFalse(b.exited());
    }
  }
}
