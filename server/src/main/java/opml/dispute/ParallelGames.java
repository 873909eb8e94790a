package opml.dispute;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import opml.game.Radix;

/**
 * What an honest side computes when many games about one claim go different ways: all states of
 * each round in passes, as players ask for them, and the witness of each game's last step.
 */
public final class ParallelGames {
  /** Games thought about at once, as by {@link Player}. */
  private static final int PASS = 64;

  private final ReplayTrace trace;
  private final long operators;
  private final int width;

  /**
   * Games about an answer that took so many operators.
   *
   * @param operators of the true run: the games end inside it
   */
  public ParallelGames(ReplayTrace trace, long operators) {
    this.trace = trace;
    this.operators = operators;
    int h = 1;
    while (1L << 6 * h < operators) {
      h++;
    }
    width = 6 * h + 24;
  }

  /**
   * Plays them.
   *
   * @param instructions most instructions into an operator at which a game may end
   * @return seconds of computing
   */
  public double seconds(int games, int instructions, long seed) {
    Random random = new Random(seed);
    List<Long> ends = new ArrayList<>();
    for (int i = 0; i < games; i++) {
      ends.add(random.nextLong(operators) << 24 | random.nextInt(instructions));
    }
    long start = System.nanoTime();
    for (int from = 0; from < games; from += PASS) {
      List<Long> some = ends.subList(from, Math.min(games, from + PASS));
      for (int w = width; w > 0; w -= Radix.RADIX_LOG2) {
        trace.expect(round(some, w));
      }
      some.stream().sorted().forEach(trace::witness);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static Set<Long> round(List<Long> ends, int width) {
    Set<Long> indices = new TreeSet<>();
    long stride = Radix.STANDARD.stride(width);
    for (long end : ends) {
      long lo = end >>> width << width;
      for (int i = 1; i <= Radix.STANDARD.reveals(); i++) {
        indices.add(lo + i * stride);
      }
    }
    return indices;
  }
}
