package opml.translate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import opml.guest.Header;
import opml.guest.Shape;
import opml.guest.Tensor;
import opml.guest.synth.TinyModel;
import opml.machine.BytePages;
import opml.machine.Machine;
import opml.machine.RegionSizes;
import opml.machine.Regions;
import opml.request.Answer;
import opml.request.Request;
import opml.request.Request.Message;
import opml.request.Request.Role;
import opml.tokenizer.SmallVocabulary;
import opml.tokenizer.Texts;
import opml.tokenizer.TokenizerSection;
import org.junit.jupiter.api.Test;

/**
 * Which instructions of the guest image small models, texts and wrong requests execute in the VM.
 * What they leave out needs contexts of thousands of positions, or guards against what cannot
 * happen.
 */
class CoverageTest {
  private static final int CODE = 11;
  private static final Image IMAGE =
      Translator.translate(Twin::resource, "opml/guest/Guest", "step", "(Lopml/guest/Memory;)I");

  private static final int[][] TYPES = {
    {Tensor.Q8_0},
    {Tensor.Q4_0},
    {Tensor.Q4_1},
    {Tensor.Q5_1},
    {Tensor.Q4_0, Tensor.Q8_0, Tensor.Q4_1, Tensor.Q5_1, Tensor.Q8_0},
  };

  /** Ten blocks in a row, grouped heads. */
  private static final Shape WIDE =
      new Shape(320, 1, 4, 2, 32, 352, 256, 64, 1e-5f, 10000.0, 16383);

  private static final Shape NARROW =
      new Shape(96, 1, 3, 1, 64, 160, 4096, 64, 1e-5f, 10000.0, 1023);
  private static final int LONGEST = 12_000_000;

  private static final long SHARE = 95;

  private final BitSet executed = new BitSet();

  @Test
  void answersAndRefusalsExecuteNearlyEveryInstructionOfTheImage() {
    for (int[] types : TYPES) {
      answer(TinyModel.random(TinyModel.smallest(), types, 3), Request.raw("Hi", 2).encode());
      answer(TinyModel.random(WIDE, types, 4), Request.raw("Hi", 2).encode());
    }
    texts();
    requests();
    models();
    int all = IMAGE.code().length / 4;
    assertTrue(
        executed.cardinality() * 100L >= all * SHARE,
        executed.cardinality() + " of " + all + "; not:\n" + missing());
  }

  private void texts() {
    byte[] section = TokenizerSection.build(SmallVocabulary.make());
    TinyModel model = TinyModel.random(NARROW, TYPES[0], 7, section, 5, 6);
    Texts texts = new Texts(3);
    Random random = new Random(9);
    for (int i = 0; i < 5; i++) {
      answer(model, Request.raw(texts.next(), 2).encode());
      List<Message> chat =
          List.of(new Message(Role.SYSTEM, texts.next()), new Message(Role.USER, "1 it's\t" + i));
      answer(model, new Request(chat, 3, 0.5f * i, 11 * i % 64, 1f - 0.2f * i, i).encode());
      answer(model, Request.raw("<|im_start|>user<|im_end|> it'", 1).encode());
      byte[] noise = Request.raw("x".repeat(60), 1).encode();
      for (int at = Request.HEADER; at < noise.length; at++) {
        noise[at] =
            (byte) (random.nextBoolean() ? 0xc0 + random.nextInt(64) : 0x80 + random.nextInt(64));
      }
      answer(model, noise, 200_000);
    }
    answer(model, Request.raw("x".repeat(30000), 2).encode());
  }

  private void requests() {
    TinyModel model = TinyModel.random(TinyModel.smallest(), TYPES[0], 3);
    Random random = new Random(10);
    byte[] chat =
        new Request(
                List.of(new Message(Role.USER, "a"), new Message(Role.USER, "b")),
                1,
                1f,
                3,
                0.5f,
                1)
            .encode();
    for (byte[] request : List.of(Request.raw("xy", 1).encode(), chat)) {
      for (int at = 0; at < request.length; at++) {
        for (int value : new int[] {0, 1, 2, 127, 255, random.nextInt()}) {
          byte[] changed = request.clone();
          changed[at] = (byte) value;
          answer(model, changed, 4_000);
        }
      }
    }
  }

  /** Headers and tensor tables with one wrong word; weights that are not numbers. */
  private void models() {
    TinyModel model = TinyModel.random(TinyModel.smallest(), TYPES[0], 3);
    int tables = Header.BYTES + Tensor.BYTES * 8;
    for (int at = 0; at < tables; at += 4) {
      for (int value : new int[] {0, 1, 3, 33, 1 << 20, -1, 0x7fc00000}) {
        byte[] weights = model.weights().clone();
        ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
        answer(
            new TinyModel(model.shape(), model.layout(), weights),
            Request.raw("x", 1).encode(),
            50_000);
      }
    }
    Random random = new Random(11);
    for (int i = 0; i < 8; i++) {
      byte[] weights = model.weights().clone();
      for (int k = 0; k < 200; k++) {
        int at = tables + random.nextInt(weights.length - tables - 4) & -4;
        ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN).putInt(at, 0x7fc07fc0);
      }
      answer(
          new TinyModel(model.shape(), model.layout(), weights),
          Request.raw("xyz", 2).encode(),
          400_000);
    }
  }

  private void answer(TinyModel model, byte[] input) {
    answer(model, input, LONGEST);
  }

  private void answer(TinyModel model, byte[] input, int longest) {
    RegionSizes sizes =
        new RegionSizes(
            CODE,
            Request.REGION,
            model.weightsSize(),
            model.layout().stateSize(),
            Answer.REGION,
            7);
    Machine machine =
        new Machine(
            sizes,
            new BytePages(IMAGE.code(), CODE),
            new BytePages(input, Request.REGION),
            new BytePages(model.weights(), sizes.weights()),
            empty(sizes.state()),
            empty(Answer.REGION));
    for (int steps = 0; steps < longest; steps++) {
      machine.resume();
      executed.set((int) (machine.pc() - Regions.base(Regions.CODE)) >> 2);
      machine.run(1);
      if (machine.status() == Machine.EXITED || machine.status() == Machine.FAULTED) {
        return;
      }
    }
  }

  /** The routines with instructions that were not executed, and which (counted from the first). */
  private String missing() {
    StringBuilder text = new StringBuilder();
    for (Image.Symbol s : IMAGE.symbols()) {
      int from = (int) (s.address() - Regions.base(Regions.CODE)) >> 2;
      BitSet part = executed.get(from, from + s.words());
      part.flip(0, s.words());
      if (!part.isEmpty()) {
        text.append(s.name()).append(' ').append(part).append('\n');
      }
    }
    return text.toString();
  }

  private static BytePages empty(int size) {
    return new BytePages(new byte[0], size);
  }
}
