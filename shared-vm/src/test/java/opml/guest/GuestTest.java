package opml.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import opml.guest.synth.TinyModel;
import opml.request.Answer;
import opml.request.Answer.Status;
import opml.request.Request;
import opml.request.Request.Message;
import org.junit.jupiter.api.Test;

final class GuestTest {
  private static final int[] TYPES = {Tensor.Q8_0};

  private static TinyModel model(int... stops) {
    return TinyModel.random(TinyModel.smallest(), TYPES, 11, stops);
  }

  @Test
  void anAnswerHasTheAskedLengthAndIsTheSameTwice() {
    Answer first = new Trial(model(), Request.raw("Once", 9)).answer();
    assertEquals(Status.LENGTH, first.status());
    assertEquals(4, first.promptTokens());
    assertEquals(9, first.completionTokens());
    assertEquals(9, first.bytes().length);
    assertArrayEquals(first.bytes(), new Trial(model(), Request.raw("Once", 9)).answer().bytes());
  }

  @Test
  void seedsChangeSampledAnswersOnly() {
    byte[] greedy = sampled(0f, 1);
    assertArrayEquals(greedy, sampled(0f, 2));
    assertNotEquals(List.of(box(sampled(2f, 1))), List.of(box(sampled(2f, 2))));
    assertArrayEquals(sampled(2f, 3), sampled(2f, 3));
  }

  private static byte[] sampled(float temperature, long seed) {
    List<Message> text = List.of(new Message(null, "Once"));
    return new Trial(model(), new Request(text, 12, temperature, 0, 1f, seed)).answer().bytes();
  }

  private static String box(byte[] bytes) {
    return java.util.Arrays.toString(bytes);
  }

  @Test
  void aStopTokenEndsTheAnswerWithoutBeingPartOfIt() {
    byte[] free = new Trial(model(), Request.raw("Once", 5)).answer().bytes();
    int stop = free[0] & 255;
    Answer answer = new Trial(model(7, stop), Request.raw("Once", 5)).answer();
    assertEquals(Status.STOP, answer.status());
    assertEquals(0, answer.completionTokens());
    assertEquals(0, answer.bytes().length);
  }

  @Test
  void theContextEndsAnAnswer() {
    Answer answer = new Trial(model(), Request.raw("x".repeat(60), 20)).answer();
    assertEquals(Status.LENGTH, answer.status());
    assertEquals(4, answer.completionTokens());
    answer = new Trial(model(), Request.raw("x".repeat(63), 20)).answer();
    assertEquals(1, answer.completionTokens());
  }

  @Test
  void aPromptAsLongAsTheContextIsTooLong() {
    assertEquals(Status.PROMPT_TOO_LONG, status(Request.raw("x".repeat(64), 1).encode()));
    assertEquals(Status.PROMPT_TOO_LONG, status(Request.raw("x".repeat(30000), 1).encode()));
  }

  @Test
  void requestsOutsideTheProtocolAreAnsweredAsBad() {
    assertEquals(Status.LENGTH, status(Request.raw("x", 1).encode()));
    assertEquals(Status.BAD_REQUEST, changed(0, 2));
    assertEquals(Status.BAD_REQUEST, changed(4, 0));
    assertEquals(Status.BAD_REQUEST, changed(4, 65));
    assertEquals(Status.BAD_REQUEST, changed(8, Float.floatToIntBits(-1f)));
    assertEquals(Status.BAD_REQUEST, changed(8, 0x7fc00000));
    assertEquals(Status.BAD_REQUEST, changed(12, 65));
    assertEquals(Status.BAD_REQUEST, changed(16, 0x7fc00000));
    assertEquals(Status.BAD_REQUEST, changed(16, Float.floatToIntBits(1.5f)));
    assertEquals(Status.BAD_REQUEST, changed(20, 0));
    assertEquals(Status.BAD_REQUEST, changed(20, 0x7fffffff));
    assertEquals(Status.BAD_REQUEST, changed(32, 0xff));
    assertEquals(Status.BAD_REQUEST, status(Request.ask("no template here", 1).encode()));
  }

  private static Status changed(int at, int word) {
    byte[] input = Request.raw("text", 1).encode();
    put(input, at, word);
    return status(input);
  }

  private static Status status(byte[] input) {
    return new Trial(model(), input).answer().status();
  }

  @Test
  void headersOutsideTheCapsAreAnsweredAsBadModel() {
    assertEquals(Status.LENGTH, patched(Header.DIM, 64));
    assertEquals(Status.BAD_MODEL, patched(Header.MAGIC, 0));
    assertEquals(Status.BAD_MODEL, patched(Header.VERSION, 2));
    assertEquals(Status.BAD_MODEL, patched(Header.DIM, 48));
    assertEquals(Status.BAD_MODEL, patched(Header.DIM, 16384));
    assertEquals(Status.BAD_MODEL, patched(Header.LAYERS, 257));
    assertEquals(Status.BAD_MODEL, patched(Header.LAYERS, 3));
    assertEquals(Status.BAD_MODEL, patched(Header.KV_HEADS, 3));
    assertEquals(Status.BAD_MODEL, patched(Header.CONTEXT, 8193));
    assertEquals(Status.BAD_MODEL, patched(Header.HEAD_LIMIT, 4096));
    assertEquals(Status.BAD_MODEL, patched(Header.BASE + Header.BYTES + Tensor.COLUMNS, 96));
    assertEquals(Status.BAD_MODEL, patched(Header.BASE + Header.BYTES + Tensor.TYPE, 1));
  }

  @Test
  void misplacedAreasAreAnsweredAsBadModel() {
    assertEquals(Status.BAD_MODEL, patched(Header.TENSORS + 4, 0));
    assertEquals(Status.BAD_MODEL, patched(Header.ROPE + 4, 0x200));
    assertEquals(Status.BAD_MODEL, patched(Header.TOKENIZER + 4, 0));
    for (long field : new Layout(TinyModel.smallest(), 64, 64).fields().keySet()) {
      boolean size = field == Header.TOKENIZER_STATE_BYTES || field == Header.SAMPLER_STATE_BYTES;
      assertEquals(size ? Status.LENGTH : Status.BAD_MODEL, patched(field, 64), "field " + field);
    }
  }

  private static Status patched(long address, int word) {
    TinyModel model = model();
    put(model.weights(), (int) (address - Header.BASE), word);
    return new Trial(model, Request.raw("x", 1)).answer().status();
  }

  @Test
  void anOverflowingActivationEndsNumerically() {
    TinyModel model = model();
    Memory m = new Trial(model, Request.raw("x", 1)).memory;
    long norm = m.loadI64(Header.TENSORS) + (Tensor.LAYERS + Tensor.FFN_NORM) * 64L;
    int at = (int) (m.loadI64(norm + Tensor.PLANES) - Header.BASE);
    for (int i = 0; i < 64; i++) {
      put(model.weights(), at + 4 * i, Float.floatToIntBits(3e38f));
    }
    assertEquals(Status.NUMERIC, new Trial(model, Request.raw("x", 1)).answer().status());
  }

  private static void put(byte[] bytes, int at, int word) {
    for (int i = 0; i < 4; i++) {
      bytes[at + i] = (byte) (word >>> 8 * i);
    }
  }

  /** INV-08, and the tokenizer leaves nothing behind either. */
  @Test
  void activationsAreZeroAtEveryTokensEnd() {
    Trial trial = new Trial(model(), Request.raw("Once upon", 6));
    Memory m = trial.memory;
    int ends = 0;
    int before = Guest.P_START;
    while (trial.step()) {
      int phase = trial.phase();
      if (before == Guest.P_CLEAR || before == Guest.P_TOKENIZE && phase == Guest.P_FORWARD) {
        zero(m, m.loadI64(Header.ACTIVATIONS), m.loadI64(Header.ACTIVATION_BYTES));
        zero(m, m.loadI64(Header.TOKENIZER_STATE), m.loadI64(Header.TOKENIZER_STATE_BYTES));
        assertEquals(
            0, m.loadI32(Control.STAGE) | m.loadI32(Control.LAYER) | m.loadI32(Control.CURSOR));
        ends++;
      }
      before = phase;
    }
    assertEquals(1 + 8 + 5, ends);
  }

  private static void zero(Memory m, long from, long bytes) {
    for (long a = from; a < from + bytes; a += 8) {
      assertEquals(0, m.loadI64(a), "at " + Long.toHexString(a));
    }
  }

  @Test
  void operatorsPerTokenAreAsFewAsPlanned() {
    Trial trial = new Trial(model(), Request.raw("ab", 1)).untilPhase(Guest.P_FORWARD);
    int start = trial.operators;
    trial.untilPhase(Guest.P_CLEAR);
    assertEquals(1 + 2 * 6, trial.operators - start);
  }

  @Test
  void accessesOutsideTheRegionsFault() {
    Memory m = new Trial(model(), Request.raw("x", 1)).memory;
    assertThrows(GuestFault.class, () -> m.loadI32(2));
    assertThrows(GuestFault.class, () -> m.loadI64(4));
    assertThrows(GuestFault.class, () -> m.loadI32(-4));
    assertThrows(GuestFault.class, () -> m.loadI32(1L << 40));
    assertThrows(GuestFault.class, () -> m.loadI32(5L << 40));
    assertThrows(GuestFault.class, () -> m.loadI32(Wire.INPUT + (1 << 15)));
    assertThrows(GuestFault.class, () -> m.storeI32(Header.BASE, 1));
    assertThrows(GuestFault.class, () -> m.storeI32(Wire.INPUT, 1));
    assertThrows(GuestFault.class, () -> m.vload(16));
    assertThrows(GuestFault.class, () -> m.dotl(16));
    assertThrows(GuestFault.class, () -> m.vload4(8));
    assertTrue(m.loadI32(Wire.INPUT + (1 << 15) - 4) == 0);
  }
}
