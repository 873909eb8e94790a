package opml.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.function.ToIntFunction;
import opml.machine.BytePages;
import opml.machine.Machine;
import opml.machine.RegionSizes;
import opml.tokenizer.SmallVocabulary;
import opml.tokenizer.Texts;
import opml.tokenizer.TokenizerSection;
import opml.translate.Translator;
import org.junit.jupiter.api.Test;

/**
 * Tokenizer and sampler in the VM: the same memory as on the JVM after every operator, and what the
 * operators cost.
 */
class TextMachineTest {
  private static final RegionSizes SIZES = new RegionSizes(11, 10, 15, 15, 11, 7);
  private static final byte[] SECTION = TokenizerSection.build(SmallVocabulary.make());
  private static final byte[] TOKENIZER = code("tokenize");
  private static final byte[] SAMPLER = code("sample");

  @Test
  void randomTextsLeaveTheSameMemory() {
    Texts texts = new Texts(21);
    for (int i = 0; i < 40; i++) {
      tokenize(Reading.raw(texts.next()), 1);
      tokenize(Reading.chat(1, texts.next(), 2, texts.next()), 1);
    }
  }

  /** The largest operator over prompts made to be expensive took 954 391 instructions (INV-02). */
  @Test
  void expensivePromptsTakeFewInstructionsInEveryOperator() {
    long most = 0;
    for (String prompt : TokenizerTest.expensivePrompts()) {
      most = Math.max(most, tokenize(Reading.raw(prompt), 32));
    }
    assertTrue(most > 800_000 && most < 1_000_000, "largest operator: " + most);
  }

  private static long tokenize(byte[] input, int every) {
    return run(TOKENIZER, SECTION, input, TextPrograms::tokenize, every);
  }

  @Test
  void samplingChoosesTheSameTokens() {
    Random random = new Random(4);
    long most = 0;
    for (int i = 0; i < 8; i++) {
      ByteBuffer logits =
          ByteBuffer.allocate(4 * TextPrograms.VOCABULARY).order(ByteOrder.LITTLE_ENDIAN);
      while (logits.hasRemaining()) {
        logits.putFloat(Math.round(random.nextGaussian() * 1000) / 200f);
      }
      ByteBuffer input = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
      input
          .putFloat(8, i % 4 == 0 ? 0f : 0.5f + 0.2f * i)
          .putInt(12, 8 * i)
          .putFloat(16, 1f - 0.05f * i)
          .putLong(24, random.nextLong());
      most = Math.max(most, run(SAMPLER, logits.array(), input.array(), TextPrograms::sample, 1));
    }
    assertTrue(most < 1 << 21, "largest operator: " + most);
  }

  /** Compares memory after each so many operators and at the end. */
  private static long run(
      byte[] code, byte[] weights, byte[] input, ToIntFunction<Memory> program, int every) {
    ArrayMemory memory =
        new ArrayMemory(
            input, weights, SIZES.input(), SIZES.weights(), SIZES.state(), SIZES.output());
    Machine machine =
        new Machine(
            SIZES,
            new BytePages(code, SIZES.code()),
            new BytePages(input, SIZES.input()),
            new BytePages(weights, SIZES.weights()),
            new BytePages(new byte[0], SIZES.state()),
            new BytePages(new byte[0], SIZES.output()));
    long most = 0;
    int exit = 0;
    int operators = 0;
    while (exit == 0) {
      machine.resume();
      most = Math.max(most, machine.run(Translator.BUDGET));
      exit = program.applyAsInt(memory);
      assertEquals(
          exit == 0 ? Machine.YIELDED : Machine.EXITED, machine.status(), machine.faultReason());
      operators++;
      if (exit == 1 || operators % every == 0) {
        byte[] state = Trial.bytes(memory.words(0));
        assertArrayEquals(state, machine.read(0, state.length));
      }
    }
    return most;
  }

  private static byte[] code(String entry) {
    return Translator.translate(
            TextMachineTest::file, "opml/guest/TextPrograms", entry, "(Lopml/guest/Memory;)I")
        .code();
  }

  private static byte[] file(String owner) {
    try (InputStream in = TextPrograms.class.getResourceAsStream("/" + owner + ".class")) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
