package opml.dispute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import opml.inference.Run;
import opml.machine.Pages;

/**
 * Lets a native run go back without beginning anew. Kept is what changed from checkpoint to
 * checkpoint: the key/value cache, which only grows, is kept once however many there are.
 */
final class Checkpoints {
  /** More are thinned out, so going back repeats about a five hundredth of the run. */
  private static final int MOST = 1024;

  private static final int FIRST_SPACING = 64; // operators

  private final Run run;
  private final List<Delta> deltas = new ArrayList<>();
  private final Map<Long, byte[]> last = new HashMap<>(); // pages as they were at the last delta
  private final TreeSet<Long> seen = new TreeSet<>(); // pages ever stored to
  private final TreeSet<Long> since = new TreeSet<>(); // pages stored to since the last delta
  private long limit;
  private long bytes;
  private long spacing = FIRST_SPACING;

  Checkpoints(Run run) {
    this.run = run;
  }

  /** Begins to keep: the run must stand at its beginning. */
  void keep(long most) {
    limit = most;
    add();
  }

  /** To be called before each operator. */
  void pass() {
    long operator = run.operators();
    if (limit > 0 && operator % spacing == 0 && operator > deltas.getLast().operator()) {
      add();
      while ((deltas.size() > MOST || bytes > limit) && deltas.size() > 1) {
        thin();
      }
    }
  }

  private void look() {
    for (long page : run.touched()) {
      seen.add(page);
      since.add(page);
    }
  }

  private void add() {
    look();
    long[] at = new long[Pages.PAGE / Delta.CHUNK * since.size()];
    byte[] content = new byte[Delta.CHUNK * at.length];
    byte[] now = new byte[Pages.PAGE];
    int n = 0;
    for (long page : since) {
      run.read(page, now);
      byte[] before = last.computeIfAbsent(page, any -> new byte[Pages.PAGE]);
      for (int from = 0; from < Pages.PAGE; from += Delta.CHUNK) {
        int to = from + Delta.CHUNK;
        if (!Arrays.equals(before, from, to, now, from, to)) {
          at[n] = page + from;
          System.arraycopy(now, from, content, Delta.CHUNK * n++, Delta.CHUNK);
        }
      }
      System.arraycopy(now, 0, before, 0, Pages.PAGE);
    }
    since.clear();
    Delta delta =
        new Delta(run.operators(), Arrays.copyOf(at, n), Arrays.copyOf(content, Delta.CHUNK * n));
    deltas.add(delta);
    bytes += delta.bytes();
  }

  /** Joins pairs; the beginning stays. A last one alone may be lost: it is made again. */
  private void thin() {
    List<Delta> fewer = new ArrayList<>();
    fewer.add(deltas.getFirst());
    for (int i = 1; i < deltas.size(); i += 2) {
      boolean pair = i + 1 < deltas.size();
      fewer.add(pair ? deltas.get(i).then(deltas.get(i + 1)) : deltas.get(i));
    }
    boolean stuck = fewer.size() == deltas.size();
    deltas.clear();
    deltas.addAll(stuck ? fewer.subList(0, 1) : fewer);
    bytes = deltas.stream().mapToLong(Delta::bytes).sum();
    spacing *= 2;
    if (stuck) { // SAFETY: the budget holds not even one
      limit = 0;
      last.clear();
    }
  }

  /**
   * Brings the run nearer to {@code operator}, not beyond it: back, or forwards without running.
   */
  void approach(long operator) {
    if (deltas.isEmpty()) {
      throw new IllegalStateException("keep() comes before approach()");
    }
    long best = 0;
    for (Delta delta : deltas) {
      best = delta.operator() <= operator ? delta.operator() : best;
    }
    boolean here = run.operators() <= operator && best <= run.operators() + spacing;
    if (!here) {
      restore(operator);
    }
  }

  private void restore(long operator) {
    Map<Long, byte[]> then = new HashMap<>();
    long reached = 0;
    for (Delta delta : deltas) {
      if (delta.operator() > operator) {
        break;
      }
      reached = delta.operator();
      for (int i = 0; i < delta.at().length; i++) {
        long page = delta.at()[i] & -Pages.PAGE;
        byte[] to = then.computeIfAbsent(page, any -> new byte[Pages.PAGE]);
        int from = Delta.CHUNK * i;
        System.arraycopy(delta.content(), from, to, (int) (delta.at()[i] - page), Delta.CHUNK);
      }
    }
    look();
    byte[] zero = new byte[Pages.PAGE];
    seen.forEach(page -> run.overwrite(page, then.getOrDefault(page, zero)));
    run.rewind(reached);
  }
}
