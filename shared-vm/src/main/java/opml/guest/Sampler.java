package opml.guest;

/**
 * Chooses the next token from the logits (docs/protocol.md, section 8, "Sampling").
 *
 * <p>The k candidates are the largest logits, lowest token first among equals; NaN never among
 * them. Temperature 0 takes the first. Otherwise candidate i weighs {@code w_i = exp((l_i - l_0) *
 * (1 / temperature))}; the shortest prefix of candidates whose sum reaches {@code topP * (w_0 + ...
 * + w_k-1)} stays; {@code r = u * 2^-24 * (sum of that prefix)} with the upper 24 bits u of the
 * random number, and the first candidate whose running sum exceeds r is chosen, or else the last.
 * Sums run in candidate order. The random number of the n-th completion token, n from 0, is the
 * splitmix64 output for {@code seed + (n + 1) * gamma}: the generator has no state, so every token
 * can be replayed alone.
 */
public final class Sampler {
  /** More operators are needed. */
  public static final int RUNNING = -1;

  /**
   * A candidate is infinite, or there are fewer candidates than k that are not NaN or minus
   * infinity.
   */
  public static final int NUMERIC = -5;

  private static final int MAX_CANDIDATES = 64;
  private static final int DEFAULT_CANDIDATES = 40;

  /** Logits in a block, blocks in a group. */
  private static final int FAN = 64;

  private static final int BLOCKS_PER_OPERATOR = 1024;
  private static final int MINUS_INFINITY = 0xff800000;
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  /** f32 by block of 64 logits; the area starts with the number of logits summarized so far. */
  private static final int BLOCK_MAXIMA = 64;

  /** f32 by 64 blocks. */
  private static final int GROUP_MAXIMA = BLOCK_MAXIMA + 4 * (TokenizerTable.MAX_VOCABULARY / 64);

  /** 64 of f32 logit, then weight; then 64 of i32 token. */
  private static final int CANDIDATES = GROUP_MAXIMA + 4 * 64;

  private static final int CANDIDATE_TOKENS = CANDIDATES + 4 * 64;

  /** Size of the sampler's area, a multiple of 64. */
  public static final int BYTES = CANDIDATE_TOKENS + 4 * 64;

  private Sampler() {}

  /**
   * Whether the request's sampling fields are in range: temperature 0 or 0.01..100, topK 0..64,
   * topP in (0, 1].
   */
  public static boolean acceptable(Memory m) {
    float temperature = m.loadF32(Wire.TEMPERATURE);
    float topP = m.loadF32(Wire.TOP_P);
    int topK = m.loadI32(Wire.TOP_K);
    boolean warm = temperature >= 0.01f && temperature <= 100f;
    return (warm || temperature == 0f)
        && topK >= 0
        && topK <= MAX_CANDIDATES
        && topP > 0f
        && topP <= 1f;
  }

  /**
   * One operator of work. The request's sampling fields must be {@link #acceptable}.
   *
   * @param area address of the sampler's area in STATE, {@link #BYTES} long; zero before the first
   *     call, used up by the last
   * @param logits address of {@code vocabulary} f32 in STATE; those of the candidates are lost
   * @param vocabulary 1 to 2^18
   * @param completed completion tokens before this one
   * @return the token, {@link #RUNNING} or {@link #NUMERIC}
   */
  public static int step(Memory m, long area, long logits, int vocabulary, int completed) {
    if (!(m.loadF32(Wire.TEMPERATURE) > 0f)) {
      int token = m.argmax(logits, vocabulary);
      return finite(m.loadI32(logits + 4L * token)) ? token : NUMERIC;
    }
    int position = m.loadI32(area);
    for (int i = 0; i < BLOCKS_PER_OPERATOR; i++) {
      Bounds.loop(BLOCKS_PER_OPERATOR);
      if (position >= vocabulary) {
        break;
      }
      int end = Ints.min(position + FAN, vocabulary);
      long maximum = area + BLOCK_MAXIMA + 4L * (position >> 6);
      m.storeI32(maximum, m.loadI32(logits + 4L * largest(m, logits, position, end)));
      position += FAN;
    }
    m.storeI32(area, position);
    return position < vocabulary ? RUNNING : choose(m, area, logits, vocabulary, completed);
  }

  private static boolean finite(int bits) {
    return (bits & 0x7fffffff) < Floats.INFINITE_BITS;
  }

  /**
   * Index of the largest of at most 64 values, the first among equals; {@code start} when all are
   * minus infinity.
   */
  private static int largest(Memory m, long values, int start, int end) {
    int best = start;
    float most = Floats.fromBits(MINUS_INFINITY);
    for (int i = start; i < end; i++) {
      Bounds.loop(FAN);
      float value = m.loadF32(values + 4L * i);
      if (value > most) {
        most = value;
        best = i;
      }
    }
    return best;
  }

  private static int choose(Memory m, long area, long logits, int vocabulary, int completed) {
    long maxima = area + BLOCK_MAXIMA;
    long groups = area + GROUP_MAXIMA;
    int blocks = (vocabulary + FAN - 1) >> 6;
    int groupCount = (blocks + FAN - 1) >> 6;
    for (int g = 0; g < groupCount; g++) {
      Bounds.loop(FAN);
      summarize(m, maxima, groups, g, blocks);
    }
    int topK = m.loadI32(Wire.TOP_K);
    int count = Ints.min(topK > 0 ? topK : DEFAULT_CANDIDATES, vocabulary);
    for (int i = 0; i < count; i++) {
      Bounds.loop(MAX_CANDIDATES);
      int group = largest(m, groups, 0, groupCount);
      int block = largest(m, maxima, group << 6, Ints.min((group << 6) + FAN, blocks));
      int token = largest(m, logits, block << 6, Ints.min((block << 6) + FAN, vocabulary));
      int logit = m.loadI32(logits + 4L * token);
      if (!finite(logit)) {
        return NUMERIC;
      }
      m.storeI32(area + CANDIDATES + 4L * i, logit);
      m.storeI32(area + CANDIDATE_TOKENS + 4L * i, token);
      m.storeI32(logits + 4L * token, MINUS_INFINITY);
      summarize(m, logits, maxima, block, vocabulary);
      summarize(m, maxima, groups, group, blocks);
    }
    m.storeI32(area, 0);
    int chosen = draw(m, area, count, completed);
    return m.loadI32(area + CANDIDATE_TOKENS + 4L * chosen);
  }

  /** Stores the largest of 64 values as the value of their group. */
  private static void summarize(Memory m, long values, long groups, int group, int size) {
    int best = largest(m, values, group << 6, Ints.min((group << 6) + FAN, size));
    m.storeI32(groups + 4L * group, m.loadI32(values + 4L * best));
  }

  /** Index of the candidate that the random number falls on. */
  private static int draw(Memory m, long area, int count, int completed) {
    long candidates = area + CANDIDATES;
    float first = m.loadF32(candidates);
    float scale = 1f / m.loadF32(Wire.TEMPERATURE);
    float total = 0f;
    for (int i = 0; i < count; i++) {
      Bounds.loop(MAX_CANDIDATES);
      float weight = Floats.exp((m.loadF32(candidates + 4L * i) - first) * scale);
      m.storeF32(candidates + 4L * i, weight);
      total = total + weight;
    }
    float enough = m.loadF32(Wire.TOP_P) * total;
    float kept = 0f;
    int size = 0;
    while (size < count && (size == 0 || kept < enough)) {
      Bounds.loop(MAX_CANDIDATES);
      kept = kept + m.loadF32(candidates + 4L * size);
      size++;
    }
    long random = mix(m.loadI64(Wire.SEED) + (completed + 1L) * GAMMA);
    float limit = (float) (int) (random >>> 40) * 0x1p-24f * kept;
    float sum = 0f;
    int chosen = size - 1;
    for (int i = 0; i < size; i++) {
      Bounds.loop(MAX_CANDIDATES);
      sum = sum + m.loadF32(candidates + 4L * i);
      if (sum > limit) {
        chosen = i;
        break;
      }
    }
    return chosen;
  }

  /** The output function of splitmix64. */
  static long mix(long state) {
    long z = (state ^ state >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
