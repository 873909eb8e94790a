package opml.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
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
import opml.translate.Image;
import org.junit.jupiter.api.Test;

/**
 * The image's instructions are executed by runs that compare VM and JVM; what is left are guards
 * that no request and no table made by the importer reaches.
 */
final class CoverageTest {
  /** Of 7 136 instructions. */
  private static final int GUARDS = 69;

  private static final int[] Q8 = {Tensor.Q8_0};
  private static final int[] MIXED = {
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

  @Test
  void allInstructionsButUnreachableGuardsAreExecuted() {
    Executed.words = new BitSet();
    try {
      MachineAgreementTest agreement = new MachineAgreementTest();
      agreement.statesAreEqualWhenRowsAreNotWholeGroups();
      agreement.statesAreEqualForMixedTypesAndSampling();
      agreement.statesAreEqualForKFormatsWithAndWithoutBiases();
      agreement.statesAreEqualForAConversationWithARealTokenizer();
      agreement.statesAreEqualForOtherTokenizers();
      agreement.statesAreEqualWhenAnAnswerIsAnError();
      badModels();
      badRequests();
      texts();
      endings();
      operators();
      List<String> missing = missing(Executed.words);
      assertTrue(missing.size() <= GUARDS, () -> String.join("\n", missing));
    } finally {
      Executed.words = null;
    }
  }

  private static List<String> missing(BitSet executed) {
    List<String> places = new ArrayList<>();
    for (Image.Symbol s : Agreement.IMAGE.symbols()) {
      int from = (int) (s.address() - Regions.base(Regions.CODE) >> 2);
      int to = from + s.words();
      for (int i = executed.nextClearBit(from); i < to; i = executed.nextClearBit(i + 1)) {
        places.add(s.name() + " + " + (i - from));
      }
    }
    return places;
  }

  private static void badModels() {
    long[][] fields = {
      {Header.MAGIC, 0},
      {Header.VERSION, 2},
      {Header.DIM, 0},
      {Header.DIM, 48},
      {Header.DIM, 1 << 20},
      {Header.LAYERS, 0},
      {Header.LAYERS, 257},
      {Header.HEADS, 0},
      {Header.HEADS, 257},
      {Header.KV_HEADS, 0},
      {Header.KV_HEADS, -1},
      {Header.KV_HEADS, 99},
      {Header.KV_HEADS, 3},
      {Header.HEAD_DIM, 0},
      {Header.HEAD_DIM, 33},
      {Header.HEAD_DIM, 288},
      {Header.FFN, 0},
      {Header.FFN, 33},
      {Header.FFN, 1 << 20},
      {Header.VOCAB, 0},
      {Header.VOCAB, 1 << 20},
      {Header.CONTEXT, 0},
      {Header.CONTEXT, 1 << 20},
      {Header.LIMIT, 0},
      {Header.LIMIT, 16384},
      {Header.HEAD_LIMIT, 0},
      {Header.HEAD_LIMIT, 4096},
      {Header.ACTIVATION_BYTES, 0},
      {Header.ACTIVATION_BYTES, 1 << 23}
    };
    for (long[] field : fields) {
      bad(Q8, field);
    }
    for (int i = 0; i < 32; i += 8) {
      bad(Q8, Header.ONES + i, 2);
    }
    bad(Q8, Header.TENSORS + 4, 0);
    bad(Q8, Header.ROPE + 4, 0);
    bad(Q8, Header.TOKENIZER + 4, 0);
    for (long field : new Layout(TinyModel.smallest(), 64, 64).fields().keySet()) {
      bad(Q8, field, 64);
    }
    bad(Q8, Header.HEADS, 256, Header.KV_HEADS, 256, Header.HEAD_DIM, 160);
    bad(Q8, Header.HEADS, 128, Header.KV_HEADS, 128, Header.HEAD_DIM, 256, Header.HEAD_LIMIT, 2000);
    bad(Q8, Header.HEADS, 2, Header.KV_HEADS, 2, Header.HEAD_DIM, 256, Header.HEAD_LIMIT, 4095);
    for (int[] types : new int[][] {Q8, MIXED}) {
      for (int tensor = 0; tensor < Tensor.LAYERS + Tensor.PER_LAYER; tensor++) {
        long entry = Header.BASE + Header.BYTES + (long) tensor * Tensor.BYTES;
        bad(types, entry + Tensor.TYPE, 1);
        bad(types, entry + Tensor.TYPE, Tensor.Q4_K);
        bad(types, entry + Tensor.TYPE, 15);
        bad(types, entry + Tensor.COLUMNS, 32);
        bad(types, entry + Tensor.ROWS, 32);
      }
    }
  }

  private static void bad(int[] types, long... patches) {
    TinyModel model = TinyModel.random(TinyModel.smallest(), types, 3);
    for (int i = 0; i < patches.length; i += 2) {
      put(model.weights(), (int) (patches[i] - Header.BASE), (int) patches[i + 1]);
    }
    virtual(model, Request.raw("x", 1).encode());
  }

  private static void badRequests() {
    TinyModel model = TinyModel.random(TinyModel.smallest(), Q8, 3);
    int[][] words = {
      {0, 2},
      {4, 0},
      {4, 65},
      {8, 0x7fc00000},
      {8, 0x3c000000},
      {8, 0x43000000},
      {12, -1},
      {12, 65},
      {16, 0},
      {16, 0x40000000},
      {20, 0},
      {20, 1 << 20}
    };
    for (int[] word : words) {
      byte[] input = Request.raw("text", 1).encode();
      put(input, word[0], word[1]);
      virtual(model, input);
    }
  }

  /** A context so short that most prompts are too long: only the tokenizer works. */
  private static void texts() {
    byte[] section = TokenizerSection.build(SmallVocabulary.make());
    Shape shape = new Shape(32, 1, 1, 1, 32, 32, 640, 4, 1e-5f, 10000.0, 16383);
    TinyModel model = TinyModel.random(shape, Q8, 6, section, 2);
    Texts texts = new Texts(22);
    for (int i = 0; i < 60; i++) {
      virtual(model, Request.raw(texts.next(), 1).encode());
      Message user = new Message(Role.USER, texts.next());
      virtual(model, new Request(List.of(user, user), 1, 0f, 0, 1f, 0).encode());
    }
    int[][] broken = {
      {0x80},
      {0xc1, 0x80},
      {0xc3},
      {0xc3, 0x41},
      {0xe0, 0x80, 0x80},
      {0xe4, 0x80},
      {0xe4, 0x41, 0x80},
      {0xe4, 0x80, 0x41},
      {0xed, 0xa0, 0x80},
      {0xf0, 0x80, 0x80, 0x80},
      {0xf4, 0x90, 0x80, 0x80},
      {0xf1, 0x80, 0x80},
      {0xf1, 0x80, 0x80, 0x41},
      {0xf1, 0x80, 0x41, 0x80},
      {0xf1, 0x41, 0x80, 0x80},
      {0xf5, 0x80, 0x80, 0x80},
      {0xff}
    };
    for (int[] body : broken) {
      byte[] bytes = new byte[body.length];
      for (int i = 0; i < body.length; i++) {
        bytes[i] = (byte) body[i];
      }
      virtual(model, Reading.request(Wire.RAW, bytes));
      virtual(model, Reading.request(Wire.CHAT, Reading.message(1, bytes)));
    }
    virtual(model, Reading.request(Wire.CHAT, new byte[] {1, 0, 0}));
    virtual(model, Reading.request(Wire.CHAT, Reading.message(3, new byte[] {65})));
    byte[] cut = Reading.message(1, new byte[] {65, 66});
    virtual(model, Reading.request(Wire.CHAT, Arrays.copyOf(cut, 6)));
  }

  private static void endings() {
    TinyModel model = TinyModel.random(TinyModel.smallest(), Q8, 11);
    byte[] free = new Trial(model, Request.raw("Once", 1)).answer().bytes();
    TinyModel stopping = TinyModel.random(TinyModel.smallest(), Q8, 11, 7, free[0] & 255);
    virtual(stopping, Request.raw("Once", 5).encode());
    virtual(model, Request.raw("x".repeat(62), 9).encode());
  }

  private static void operators() {
    List<float[]> sampling = new ArrayList<>();
    for (float temperature : new float[] {0f, 0.01f, 0.7f, 3f, 100f}) {
      for (float topP : new float[] {1e-6f, 0.4f, 1f}) {
        sampling.add(new float[] {temperature, topP, 64});
        sampling.add(new float[] {temperature, topP, 0});
        sampling.add(new float[] {temperature, topP, 1});
      }
    }
    Shape few = new Shape(32, 1, 1, 1, 32, 32, 33, 4, 1e-5f, 10000.0, 16383);
    Shape many = new Shape(32, 1, 1, 1, 32, 32, 70000, 4, 1e-5f, 10000.0, 16383);
    List<Message> text = List.of(new Message(null, "x"));
    for (float[] s : sampling) {
      Request request = new Request(text, 1, s[0], (int) s[2], s[1], 77);
      ExtremesTest.run(few, Tensor.Q8_0, Guest.P_SAMPLE, 0, 0, 0, request);
    }
    Request warm = new Request(text, 1, 1f, 3, 0.9f, 5);
    ExtremesTest.run(many, Tensor.Q8_0, Guest.P_SAMPLE, 0, 0, 0, warm);
    unlikely(few, warm);
    dividedByZero(few);
  }

  /** What answers of sane models never meet. */
  private static void unlikely(Shape few, Request warm) {
    Layout layout = new Layout(few, TokenizerState.BYTES, Sampler.BYTES);
    long token = layout.at(Header.TOKENS);
    forward(few, Forward.EMBED, 0, 0, token, -1);
    forward(few, Forward.EMBED, 0, 0, token, few.vocab());
    long gate = layout.at(Header.GATED);
    forward(few, Forward.ACTIVATE, 0, 0, gate, 0x43000000, gate + 4, 0xc3000000);
    forward(few, Forward.ACTIVATE, 0, 0, gate, 0x7fc00000);
    forward(few, Forward.ACTIVATE, 0, 0, zeros(gate));
    long logits = layout.at(Header.LOGITS);
    for (float temperature : new float[] {0f, 1f}) {
      Request request = new Request(warm.messages(), 1, temperature, 3, 0.9f, 5);
      long[] infinite = {logits, 0x7f800000};
      ExtremesTest.run(few, Tensor.Q8_0, Guest.P_SAMPLE, 0, 0, 0, request, infinite);
    }
    long projected = layout.at(Header.PROJECTED);
    for (int row = 0; row < 3; row++) {
      forward(few, Forward.ATTEND, 0, 0, zeros(projected + 128L * row));
      forward(few, Forward.ATTEND, 0, 0, projected + 128L * row, 0x7fc00000);
    }
    Shape deep = new Shape(32, 1, 1, 1, 96, 32, 33, 8192, 1e-5f, 10000.0, 16383);
    forward(deep, Forward.ATTEND, 0, 4100);
    forward(deep, Forward.ATTEND, 64, 4100);
    Shape tall = new Shape(32, 1, 1, 1, 32, 32, 20000, 4, 1e-5f, 10000.0, 16383);
    forward(tall, Forward.LOGITS, 0, 0);
  }

  /** Patches that make 32 floats zero. */
  private static long[] zeros(long address) {
    long[] patches = new long[64];
    for (int i = 0; i < 32; i++) {
      patches[2 * i] = address + 4 * i;
    }
    return patches;
  }

  /** Guards that a checked header never needs. */
  private static void dividedByZero(Shape few) {
    forward(few, Forward.ATTEND, 0, 0, Header.KV_HEADS, 0);
    forward(few, Forward.ATTEND, 0, 0, Header.HEAD_DIM, 0);
    forward(few, Forward.ATTEND, 0, -1);
    long query = Header.BASE + Header.BYTES + 64L * (Tensor.LAYERS + Tensor.QUERY);
    forward(few, Tensor.QUERY, 0, 0, query + Tensor.COLUMNS, 0);
  }

  private static void forward(Shape shape, int stage, int cursor, int position, long... patches) {
    Request request = Request.raw("x", 1);
    ExtremesTest.run(
        shape, Tensor.Q8_0, Guest.P_FORWARD, stage, cursor, position, request, patches);
  }

  private static void put(byte[] bytes, int at, int word) {
    for (int i = 0; i < 4; i++) {
      bytes[at + i] = (byte) (word >>> 8 * i);
    }
  }

  /** The whole answer in the VM only, and that it is the JVM's. */
  private static void virtual(TinyModel model, byte[] request) {
    int state = model.layout().stateSize();
    RegionSizes sizes =
        new RegionSizes(
            Agreement.CODE, Request.REGION, model.weightsSize(), state, Answer.REGION, 7);
    Machine machine =
        new Machine(
            sizes,
            new BytePages(Agreement.IMAGE.code(), Agreement.CODE),
            new BytePages(request, Request.REGION),
            new BytePages(model.weights(), model.weightsSize()),
            new BytePages(new byte[0], state),
            new BytePages(new byte[0], Answer.REGION));
    while (machine.status() == Machine.YIELDED) {
      Executed.run(machine, 1 << 23);
    }
    assertEquals(Machine.EXITED, machine.status(), machine.faultReason());
    Answer answer = Answer.decode(machine.read(Wire.OUTPUT, 1 << 16));
    Answer expected = new Trial(model, request).answer();
    assertEquals(expected.status(), answer.status());
    assertEquals(expected.text(), answer.text());
  }
}
