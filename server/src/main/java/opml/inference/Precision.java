package opml.inference;

import java.util.Arrays;
import java.util.function.IntConsumer;
import opml.catalog.ModelImage;
import opml.catalog.ModelInfo;

/**
 * How far the guest's answers are from float activations on the same weights (the precision gate).
 */
public final class Precision {
  /** Limits of the exact form. */
  private static final double EXACT_KL = 1e-5;

  private static final double EXACT_TOP = 0.998;

  /** Near ties that any two orders of summation may decide otherwise, however short the text is. */
  private static final int TIES = 2;

  private static final double FAST_KL = 1e-4;
  private static final int CHUNK = 128;

  private Precision() {}

  /**
   * Runs the guest and the float reference over tokens, in chunks from an empty context.
   *
   * @param done hears how many positions are compared
   */
  public static ModelInfo.Gate gate(
      ModelImage model, Engine engine, int[] tokens, IntConsumer done) {
    int chunk = Math.min(CHUNK, model.info().context());
    FloatReference reference = new FloatReference(model.weightsSegment());
    float[] own = new float[model.info().vocabulary()];
    double kl = 0;
    int same = 0;
    int positions = 0;
    for (int from = 0; from < tokens.length; from += chunk) {
      int[] part = Arrays.copyOfRange(tokens, from, Math.min(tokens.length, from + chunk));
      float[][] wanted = reference.logits(part);
      try (TokenFeed feed = new TokenFeed(engine)) {
        for (int t = 0; t < part.length; t++) {
          feed.next(part[t], own);
          kl += divergence(wanted[t], own);
          same += top(wanted[t]) == top(own) ? 1 : 0;
          done.accept(++positions);
        }
      }
    }
    double mean = kl / positions;
    boolean fast = model.info().form().equals("fast");
    boolean passed = fast ? mean <= FAST_KL : mean <= EXACT_KL && agrees(same, positions);
    return new ModelInfo.Gate(mean, (double) same / positions, positions, passed);
  }

  /** Whether the most likely token is the same at enough positions for the exact form. */
  static boolean agrees(int same, int positions) {
    return positions - same <= Math.max(TIES, (1 - EXACT_TOP) * positions);
  }

  /** KL(softmax(p) || softmax(q)) in nats. */
  private static double divergence(float[] p, float[] q) {
    double lp = logSum(p);
    double lq = logSum(q);
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      double a = p[i] - lp;
      sum += Math.exp(a) * (a - (q[i] - lq));
    }
    return Math.max(0, sum);
  }

  /** Logarithm of the sum of exponentials. */
  static double logSum(float[] x) {
    float top = x[top(x)];
    double sum = 0;
    for (float v : x) {
      sum += Math.exp(v - top);
    }
    return top + Math.log(sum);
  }

  private static int top(float[] x) {
    int best = 0;
    for (int i = 1; i < x.length; i++) {
      best = x[i] > x[best] ? i : best;
    }
    return best;
  }

  /**
   * Negative logarithm of the probability of each token in the second half of each whole chunk of
   * {@code context} tokens, summed, and how many there are.
   *
   * @param done hears how many tokens are through
   */
  public static Score score(Engine engine, int[] tokens, int context, int vocab, IntConsumer done) {
    float[] logits = new float[vocab];
    double sum = 0;
    int scored = 0;
    for (int from = 0; from + context <= tokens.length; from += context) {
      try (TokenFeed feed = new TokenFeed(engine)) {
        for (int t = 0; t < context - 1; t++) {
          if (t < context / 2) {
            feed.skip(tokens[from + t]);
          } else {
            feed.next(tokens[from + t], logits);
            sum += logSum(logits) - logits[tokens[from + t + 1]];
            scored++;
          }
          done.accept(from + t + 1);
        }
      }
    }
    return new Score(sum, scored);
  }

  /**
   * Result of {@link #score}.
   *
   * @param negativeLog sum in nats
   * @param scored number of predictions
   */
  public record Score(double negativeLog, int scored) {
    /** Exponential of the mean. */
    public double perplexity() {
      return Math.exp(negativeLog / scored);
    }
  }
}
