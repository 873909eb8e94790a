package opml.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.catalog.Progress;
import opml.guest.Control;
import opml.guest.Header;
import opml.guest.Shape;
import opml.guest.Tensor;
import opml.guest.synth.TinyModel;
import opml.inference.emitted.Emission;
import opml.inference.emitted.Level;
import opml.request.Answer;
import opml.request.Request;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers compared with claimed ones: whatever is claimed, the run is that of single operators. */
class DraftedTokensTest {
  @TempDir private static Path home;
  private static ModelImage image;
  private static Engine engine;

  @BeforeAll
  static void open() throws IOException {
    image = new ModelStore(home).open("opml-tiny", Progress.NONE);
    engine = new Engine(image, 2);
  }

  @AfterAll
  static void close() {
    engine.close();
    image.close();
  }

  private static byte[] input(float temperature) {
    Request.Message question = new Request.Message(Request.Role.USER, "Tell me a tale");
    return new Request(List.of(question), 30, temperature, 0, 0.95f, 11).encode();
  }

  /** A run by single operators: what each other one has to come to. */
  private record Plain(
      byte[] input, byte[] output, int[] tokens, List<Long> boundaries, List<byte[]> states) {
    static Plain of(Engine engine, byte[] input) {
      List<Long> boundaries = new ArrayList<>();
      List<byte[]> states = new ArrayList<>();
      try (Run run = engine.start(input)) {
        boolean goesOn = true;
        while (goesOn) {
          if (Prefill.atBoundary(run.memory())) {
            boundaries.add(run.operators());
            states.add(run.stateHash());
          }
          goesOn = run.operator();
        }
        assertTrue(run.exited());
        boundaries.add(run.operators());
        return new Plain(input, run.output(), run.completionTokens(), boundaries, states);
      }
    }

    void endsTheSame(Engine engine, byte[] claimed) {
      StringBuilder text = new StringBuilder();
      try (Run run = engine.start(input)) {
        run.finish(engine.draft(claimed), text::append, () -> false);
        assertTrue(run.exited());
        assertEquals(boundaries.getLast(), run.operators());
        assertArrayEquals(output, run.output());
        assertArrayEquals(tokens, run.completionTokens());
        assertEquals(Answer.decode(output).text(), text.toString());
      }
    }

    void passesTheSameStates(Engine engine, byte[] claimed) {
      for (long at : boundaries.subList(0, states.size())) {
        try (Run run = engine.start(input)) {
          run.finish(engine.draft(claimed), text -> {}, () -> run.operators() >= at);
          int i = boundaries.indexOf(run.operators()); // a prompt goes some tokens at a time
          assertTrue(i >= 0, "stops at a token boundary");
          assertArrayEquals(states.get(i), run.stateHash(), "boundary " + i);
        }
      }
    }
  }

  private static byte[] claim(byte[] text) {
    byte[] output = new byte[Answer.HEADER + text.length];
    System.arraycopy(text, 0, output, Answer.HEADER, text.length);
    return output;
  }

  @ParameterizedTest
  @ValueSource(floats = {0f, 0.8f, 2f})
  void aTrueClaimIsFoundTrue(float temperature) {
    Plain plain = Plain.of(engine, input(temperature));
    assertTrue(plain.tokens.length > 10, plain.tokens.length + " tokens");
    plain.endsTheSame(engine, plain.output);
    plain.passesTheSameStates(engine, plain.output);
  }

  @ParameterizedTest
  @ValueSource(floats = {0f, 0.8f})
  void aFalseClaimChangesNothing(float temperature) {
    Plain plain = Plain.of(engine, input(temperature));
    for (int at = Answer.HEADER; at < plain.output.length; at += 7) {
      byte[] other = plain.output.clone();
      other[at] ^= 1;
      plain.endsTheSame(engine, other);
    }
    byte[] noText = new byte[5000];
    new Random(3).nextBytes(noText);
    for (byte[] other :
        List.of(
            new byte[0],
            new byte[9],
            claim(new byte[0]),
            claim(noText),
            claim("another tale ".repeat(500).getBytes(StandardCharsets.UTF_8)),
            claim("x".repeat(60_000).getBytes(StandardCharsets.UTF_8)),
            Arrays.copyOf(plain.output, plain.output.length - 9),
            Arrays.copyOf(plain.output, plain.output.length + 500))) {
      plain.endsTheSame(engine, other);
    }
    byte[] late = plain.output.clone();
    late[late.length / 2] ^= 1;
    plain.passesTheSameStates(engine, late);
  }

  /** Texts of random bytes: hardly any can be read as text, and tokens have no words. */
  @Test
  void aTextThatIsNoUtf8IsComparedByItsBytes() {
    int[][] types = {
      {Tensor.Q8_0}, {Tensor.Q4_1, Tensor.Q4_0, Tensor.Q4_0, Tensor.Q8_0, Tensor.Q5_1}
    };
    for (int[] type : types) {
      TinyModel model = PrefillTest.model(64, type);
      try (Arena arena = Arena.ofShared();
          Engine small = PrefillTest.engine(arena, model, 1)) {
        Plain plain = Plain.of(small, Request.raw("a prompt", 40).encode());
        plain.endsTheSame(small, plain.output);
        plain.passesTheSameStates(small, plain.output);
        plain.endsTheSame(small, claim(new byte[40]));
      }
    }
  }

  @Test
  void aNumberThatIsNotFiniteEndsTheAnswerAtTheSameOperator() {
    TinyModel model = PrefillTest.model(64, Tensor.Q8_0);
    int at = Header.BYTES + Tensor.OUTPUT_NORM * Tensor.BYTES + Tensor.PLANES;
    long plane = 0;
    for (int i = 4; i >= 0; i--) {
      plane = plane << 8 | model.weights()[at + i] & 0xff;
    }
    model.weights()[(int) plane + 3] = 0x7f;
    model.weights()[(int) plane + 2] = (byte) 0xc0;
    try (Arena arena = Arena.ofShared();
        Engine small = PrefillTest.engine(arena, model, 1)) {
      Plain plain = Plain.of(small, Request.raw("a prompt", 20).encode());
      assertEquals(Answer.Status.NUMERIC, Answer.decode(plain.output).status());
      plain.endsTheSame(small, claim("any text".getBytes(StandardCharsets.UTF_8)));
    }
  }

  @Test
  void likelyTokensAreMadeAtOnceAndTakenBackWhereTheyAreNotChosen() {
    assumeTrue(Emission.has(Level.AVX2), "without it tokens are made one by one");
    byte[] input = input(0);
    byte[] output = Plain.of(engine, input).output;
    try (Run run = engine.start(input)) {
      NativeMemory memory = run.memory();
      do {
        run.operator();
      } while (!run.atBoundary()
          || memory.loadI32(Control.POSITION) + 1 < memory.loadI32(Control.TOKEN_COUNT));
      int position = memory.loadI32(Control.POSITION);
      Prefill prefill = new Prefill(memory, Arena.global(), new Team(1), Watch.NONE);
      DraftedTokens drafted =
          new DraftedTokens(memory, engine.draft(output), prefill.forward(), Watch.NONE);
      assertTrue(drafted.run(Long.MAX_VALUE) > 0);
      assertTrue(made(memory, position + 1) && made(memory, position + 7));
      drafted.takeBack();
      assertTrue(made(memory, position), "this token was known");
      for (int i = 1; i < BatchForward.MAX; i++) {
        assertFalse(made(memory, position + i), "token " + i + " after it");
      }
    }
  }

  /** Another answer would wait a millisecond for it at each token. */
  @Test
  void whoMakesLikelyTokensIsNoMemberOfTheBatch() {
    assumeTrue(Emission.has(Level.AVX2), "without it tokens are made one by one");
    byte[] input = input(0);
    byte[] output = Plain.of(engine, input).output;
    try (Run run = engine.start(input);
        Team team = new Team(1);
        Batcher batcher = new Batcher(team)) {
      NativeMemory memory = run.memory();
      Prefill prefill = new Prefill(memory, Arena.global(), team, Watch.NONE);
      Execution execution =
          new Execution(
              image.program(),
              memory,
              new Gate(),
              new Boundaries(),
              new Rewind(memory, prefill),
              Watch.NONE);
      batcher.join(); // somebody else
      List<Boolean> alone = new ArrayList<>();
      BooleanSupplier look =
          () -> {
            alone.add(batcher.alone());
            return false;
          };
      new Finish(execution, memory, prefill, batcher, Watch.NONE)
          .run(engine.draft(output), new Transcript(memory), text -> {}, look);
      assertArrayEquals(output, run.output());
      assertTrue(alone.contains(false), "while it reads the prompt it is one");
      long members = alone.stream().filter(a -> !a).count();
      assertTrue(members < 10, "a member at " + members + " of " + alone.size() + " tokens");
      assertTrue(batcher.alone(), "and has left in the end");
    }
  }

  @Test
  void nothingIsKeptOfTokensThatAreTakenBack() {
    assumeTrue(Emission.has(Level.AVX2), "without it tokens are made one by one");
    Shape shape = new Shape(64, 6, 4, 2, 32, 96, 256, 64, 1e-5f, 10000.0, 16383);
    TinyModel model = TinyModel.random(shape, new int[] {Tensor.Q8_0}, 7);
    try (Arena arena = Arena.ofShared();
        Engine small = PrefillTest.engine(arena, model, 1);
        Run run = small.start(Request.raw("a prompt", 12).encode(), new Boundaries())) {
      run.keep(64L << 20);
      run.finish(small.draft(claim(new byte[400])), text -> {}, () -> false);
      assertTrue(run.exited());
      int made = run.memory().loadI32(Control.POSITION);
      assertEquals(4, run.boundaries().layerKept(made, 5), "of the last token");
      for (int i = 1; i < BatchForward.MAX; i++) {
        assertEquals(0, run.boundaries().layerKept(made + i, 5), i + " after the last");
      }
    }
  }

  private static boolean made(NativeMemory memory, int position) {
    byte[] row = new CacheRow(memory).read(position);
    return !Arrays.equals(row, new byte[row.length]);
  }
}
