package opml.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import opml.guest.synth.TinyModel;
import opml.request.Answer;
import opml.request.Request;
import opml.request.Request.Message;
import opml.request.Request.Role;
import opml.tokenizer.SmallVocabulary;
import opml.tokenizer.TokenizerSection;
import opml.tokenizer.Vocabulary;
import org.junit.jupiter.api.Test;

/** The guest on the JVM and its translation in the VM: one state after every operator. */
final class MachineAgreementTest {
  @Test
  void statesAreEqualAfterEveryOperatorOfAGreedyAnswer() {
    TinyModel model = TinyModel.random(TinyModel.smallest(), new int[] {Tensor.Q8_0}, 3);
    Answer answer = Agreement.answer(model, Request.raw("Hi, 3?", 4).encode());
    assertTrue(answer.completionTokens() > 2);
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
    TinyModel model = TinyModel.random(TinyModel.smallest(), types, 4);
    List<Message> text = List.of(new Message(null, "a b"));
    byte[] request = new Request(text, 3, 0.9f, 20, 0.95f, 0x1234_5678_9abcL).encode();
    assertEquals(3, Agreement.answer(model, request).completionTokens());
  }

  @Test
  void statesAreEqualWhenRowsAreNotWholeGroups() {
    for (int type : new int[] {Tensor.Q8_0, Tensor.Q4_0, Tensor.Q4_1, Tensor.Q5_1}) {
      Shape shape = new Shape(480, 1, 3, 1, 32, 224, 256, 32, 1e-5f, 10000.0, 1023);
      TinyModel model = TinyModel.random(shape, new int[] {type}, 5);
      assertEquals(2, Agreement.answer(model, Request.raw("x", 2).encode()).completionTokens());
    }
  }

  @Test
  void statesAreEqualForKFormatsWithAndWithoutBiases() {
    int[][] all = {
      {Tensor.Q4_K},
      {Tensor.Q2_K, Tensor.Q3_K, Tensor.Q4_K, Tensor.Q5_K, Tensor.Q6_K},
      {Tensor.Q5_K},
      {Tensor.Q6_K},
      {Tensor.Q3_K}
    };
    for (int[] types : all) {
      TinyModel model = TinyModel.random(TinyModel.smallestSuper(), types, 5);
      assertEquals(2, Agreement.answer(model, Request.raw("x", 2).encode()).completionTokens());
      TinyModel biased = TinyModel.biased(TinyModel.smallestSuper(), types, 6);
      assertEquals(2, Agreement.answer(biased, Request.raw("y", 2).encode()).completionTokens());
    }
  }

  @Test
  void statesAreEqualForAConversationWithARealTokenizer() {
    Vocabulary vocabulary = SmallVocabulary.make();
    int tokens = (vocabulary.tokens().size() + 31) & -32;
    Shape shape = new Shape(64, 1, 2, 1, 32, 96, tokens, 128, 1e-5f, 10000.0, 16383);
    byte[] section = TokenizerSection.build(vocabulary);
    TinyModel model = TinyModel.random(shape, new int[] {Tensor.Q8_0}, 6, section, 2);
    List<Message> chat =
        List.of(
            new Message(Role.SYSTEM, "You are <|im_start|> small."),
            new Message(Role.USER, "Größe 12, you've\n\n naïve 世界 👍🏽?"),
            new Message(Role.ASSISTANT, "the the"),
            new Message(Role.USER, "  aaaa"));
    byte[] request = new Request(chat, 2, 1f, 5, 0.5f, 9).encode();
    assertTrue(Agreement.answer(model, request).promptTokens() > 60);
    byte[] raw = Request.raw("<|im_start|>user\nabc<|im_end|> <|im_<|im|>", 1).encode();
    assertTrue(Agreement.answer(model, raw).promptTokens() > 5);
    Agreement.answer(model, Request.ask("that they", 1).encode());
  }

  @Test
  void statesAreEqualForOtherTokenizers() {
    for (Vocabulary vocabulary : List.of(SmallVocabulary.caseless(), SmallVocabulary.sentence())) {
      int tokens = (vocabulary.tokens().size() + 31) & -32;
      Shape shape = new Shape(64, 1, 2, 1, 32, 96, tokens, 256, 1e-5f, 10000.0, 16383);
      byte[] section = TokenizerSection.build(vocabulary);
      TinyModel model = TinyModel.random(shape, new int[] {Tensor.Q8_0}, 6, section, 2);
      List<Message> chat =
          List.of(
              new Message(Role.SYSTEM, "\n You are small. "),
              new Message(Role.USER, "I'LL take 12345, xyzzy!!\n\n \t the  世界 👍🏽 ö</s>\n"),
              new Message(Role.ASSISTANT, "  "),
              new Message(Role.USER, " the fox\r\n  x  "));
      byte[] request = new Request(chat, 2, 1f, 5, 0.5f, 9).encode();
      assertTrue(Agreement.answer(model, request).promptTokens() > 60);
      String text =
          "xyzzy</s><|eot_id|>xyzzy é !x \u00a0é -👍 👍 世 !ö's'D'm'VE'Re'll'vx'lx'q\n"
              + "xyzzy xy \u0800 ! \u0800";
      byte[] raw = Request.raw(text, 1).encode();
      assertTrue(Agreement.answer(model, raw).promptTokens() > 5);
    }
  }

  @Test
  void statesAreEqualWhenAnAnswerIsAnError() {
    TinyModel model = TinyModel.random(TinyModel.smallest(), new int[] {Tensor.Q8_0}, 3);
    assertEquals(
        Answer.Status.PROMPT_TOO_LONG,
        status(model, "x".repeat(64).getBytes(StandardCharsets.UTF_8)));
    assertEquals(Answer.Status.BAD_REQUEST, status(model, new byte[] {(byte) 0xc3}));
    assertEquals(Answer.Status.BAD_REQUEST, status(model, new byte[0]));
    TinyModel overflowing = TinyModel.random(TinyModel.smallest(), new int[] {Tensor.Q8_0}, 3);
    Memory m = new Trial(overflowing, Request.raw("x", 1)).memory;
    long norm = m.loadI64(Header.TENSORS) + (Tensor.LAYERS + Tensor.FFN_NORM) * 64L;
    int at = (int) (m.loadI64(norm + Tensor.PLANES) - Header.BASE);
    for (int i = 0; i < 64; i++) {
      overflowing.weights()[at + 4 * i + 3] = 0x7f;
    }
    assertEquals(Answer.Status.NUMERIC, status(overflowing, "x".getBytes(StandardCharsets.UTF_8)));
    overflowing.weights()[0] = 0;
    assertEquals(
        Answer.Status.BAD_MODEL, status(overflowing, "x".getBytes(StandardCharsets.UTF_8)));
  }

  private static Answer.Status status(TinyModel model, byte[] body) {
    byte[] request = java.util.Arrays.copyOf(Request.raw("", 1).encode(), 32 + body.length);
    request[20] = (byte) body.length;
    System.arraycopy(body, 0, request, 32, body.length);
    return Agreement.answer(model, request).status();
  }
}
