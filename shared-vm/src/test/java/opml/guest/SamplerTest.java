package opml.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final long AREA = 0;
  private static final long LOGITS = (Sampler.BYTES + 63) & -64L;

  private static ArrayMemory memory(
      float temperature, int topK, float topP, long seed, float... logits) {
    byte[] input =
        ByteBuffer.allocate(32)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(0)
            .putInt(1)
            .putFloat(temperature)
            .putInt(topK)
            .putFloat(topP)
            .putInt(0)
            .putLong(seed)
            .array();
    ArrayMemory memory = new ArrayMemory(input, new byte[0], 10, 0, 16, 11);
    for (int i = 0; i < logits.length; i++) {
      memory.storeI32(LOGITS + 4L * i, Float.floatToRawIntBits(logits[i]));
    }
    return memory;
  }

  private static int sample(ArrayMemory memory, int vocabulary, int completed) {
    int token = Sampler.RUNNING;
    while (token == Sampler.RUNNING) {
      token = Sampler.step(memory, AREA, LOGITS, vocabulary, completed);
    }
    return token;
  }

  /** The rule of the protocol in plain Java. */
  private static int expected(
      float temperature, int topK, float topP, long seed, int completed, float[] logits) {
    List<Integer> order =
        IntStream.range(0, logits.length)
            .boxed()
            .sorted(
                Comparator.<Integer, Float>comparing(i -> -logits[i] + 0f).thenComparing(i -> i))
            .limit(topK == 0 ? 40 : topK)
            .toList();
    if (temperature == 0) {
      return order.get(0);
    }
    float[] weights = new float[order.size()];
    float total = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Floats.exp((logits[order.get(i)] - logits[order.get(0)]) * (1 / temperature));
      total += weights[i];
    }
    float kept = weights[0];
    int size = 1;
    while (size < weights.length && kept < topP * total) {
      kept += weights[size++];
    }
    long z = seed + (completed + 1) * 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    float limit = ((z ^ z >>> 31) >>> 40) / 16777216f * kept;
    float sum = 0;
    int chosen = 0;
    while (chosen < size - 1 && !((sum += weights[chosen]) > limit)) {
      chosen++;
    }
    return order.get(chosen);
  }

  @Test
  void randomLogitsGiveTheTokenOfTheRule() {
    Random random = new Random(8);
    int[] sizes = {1, 2, 63, 64, 65, 128, 1000, 4096, 4097, 9000};
    for (int i = 0; i < 2000; i++) {
      float[] logits = new float[sizes[random.nextInt(sizes.length)]];
      float step = random.nextBoolean() ? 1f : 0.001f;
      for (int j = 0; j < logits.length; j++) {
        logits[j] = Math.round(random.nextGaussian() * 4 / step) * step;
      }
      float temperature = random.nextInt(4) == 0 ? 0f : random.nextFloat(0.01f, 3f);
      int topK = random.nextInt(65);
      float topP = random.nextBoolean() ? 1f : 1f - random.nextFloat();
      long seed = random.nextLong();
      int completed = random.nextInt(1000);
      assertEquals(
          expected(temperature, topK, topP, seed, completed, logits),
          sample(memory(temperature, topK, topP, seed, logits), logits.length, completed));
    }
  }

  @Test
  void aLargeVocabularyTakesSeveralOperators() {
    float[] logits = new float[200_000];
    Random random = new Random(9);
    for (int j = 0; j < logits.length; j++) {
      logits[j] = (float) random.nextGaussian();
    }
    ArrayMemory memory = memory(0.8f, 64, 0.95f, 17, logits);
    assertEquals(Sampler.RUNNING, Sampler.step(memory, AREA, LOGITS, logits.length, 3));
    assertEquals(expected(0.8f, 64, 0.95f, 17, 3, logits), sample(memory, logits.length, 3));
  }

  @Test
  void equalLogitsGoToTheLowestToken() {
    float[] logits = {-1f, -0f, 0f, -0f, -2f};
    assertEquals(1, sample(memory(0f, 0, 1f, 0, logits), 5, 0));
    assertEquals(1, sample(memory(0.01f, 1, 1f, 0, logits), 5, 0));
  }

  @Test
  void nanIsPassedOverAndInfinityIsNumeric() {
    float nan = Float.NaN;
    float inf = Float.POSITIVE_INFINITY;
    assertEquals(1, sample(memory(0f, 0, 1f, 0, nan, 1f, 0f), 3, 0));
    assertEquals(1, sample(memory(1f, 1, 1f, 0, nan, 1f, 0f), 3, 0));
    for (float temperature : new float[] {0f, 1f}) {
      assertEquals(Sampler.NUMERIC, sample(memory(temperature, 1, 1f, 0, 0f, inf), 2, 0));
      assertEquals(Sampler.NUMERIC, sample(memory(temperature, 1, 1f, 0, -inf, -inf), 2, 0));
      assertEquals(Sampler.NUMERIC, sample(memory(temperature, 1, 1f, 0, nan, nan), 2, 0));
    }
    assertEquals(Sampler.NUMERIC, sample(memory(1f, 2, 1f, 0, nan, 1f), 2, 0));
  }

  @Test
  void drawsFollowTheWeights() {
    float[] logits = {0f, (float) Math.log(2), (float) Math.log(5)};
    int[] counts = new int[3];
    for (int i = 0; i < 8000; i++) {
      counts[sample(memory(1f, 0, 1f, 42, logits), 3, i)]++;
    }
    assertTrue(Math.abs(counts[0] - 1000) < 120, "one in eight: " + counts[0]);
    assertTrue(Math.abs(counts[1] - 2000) < 160, "two in eight: " + counts[1]);
  }

  @Test
  void theGeneratorIsSplitmix64() {
    long gamma = 0x9e3779b97f4a7c15L;
    assertEquals(0xe220a8397b1dcdafL, Sampler.mix(gamma));
    assertEquals(0x6e789e6aa1b965f4L, Sampler.mix(2 * gamma));
    assertEquals(0x06c45d188009454fL, Sampler.mix(3 * gamma));
  }

  @Test
  void fieldsOutOfRangeAreNotAcceptable() {
    float nan = Float.NaN;
    assertTrue(acceptable(0f, 0, 1f));
    assertTrue(acceptable(-0f, 64, 0.001f));
    assertTrue(acceptable(0.01f, 1, 1f));
    assertTrue(acceptable(100f, 1, 1f));
    for (float temperature :
        new float[] {-1f, 0.009f, 101f, nan, Float.POSITIVE_INFINITY, Float.MIN_VALUE}) {
      assertFalse(acceptable(temperature, 0, 1f));
    }
    for (float topP : new float[] {0f, -0.5f, 1.001f, nan}) {
      assertFalse(acceptable(1f, 0, topP));
    }
    assertFalse(acceptable(1f, 65, 1f));
    assertFalse(acceptable(1f, -1, 1f));
  }

  private static boolean acceptable(float temperature, int topK, float topP) {
    return Sampler.acceptable(memory(temperature, topK, topP, 0));
  }
}
