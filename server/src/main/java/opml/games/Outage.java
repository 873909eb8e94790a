package opml.games;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import opml.http.Hex;

/**
 * Tells a failure of everything, such as a full disk or a lost database, from one that a claim
 * brings with it. The first is no claim's fault: whose checks failed by it are spared, and tried
 * again after all others, so that claims that look like one keep nobody waiting for long.
 */
@ApplicationScoped
class Outage {
  /** Checks that fail alike, of different claims and none between them that succeeds. */
  private static final int ROW = 3;

  private final Set<String> row = new LinkedHashSet<>();
  private final Set<String> spared = new HashSet<>(); // nothing has succeeded since
  private final Set<String> suspects = new HashSet<>(); // spared once; others have succeeded since
  private Class<?> kind;
  private volatile String reason;

  /** Why no claim can be checked now, or null. */
  String reason() {
    return reason;
  }

  /** Everything failed, before any claim; whether that is news. */
  synchronized boolean begins(Throwable failure) {
    boolean news = reason == null;
    // SAFETY: no message, which may hold an endpoint's address and with it a key: strangers see
    // this
    reason = bottom(failure).getSimpleName() + ": see the log";
    return news;
  }

  /**
   * A check failed.
   *
   * @return the claims to be spared from now on, it and others before it, when everything fails;
   *     else none
   */
  synchronized List<byte[]> failed(byte[] id, Throwable failure) {
    String claim = Hex.of(id);
    if (suspects.contains(claim)) {
      return List.of(); // others could be checked: it is the claim's own
    }
    Class<?> bottom = bottom(failure);
    if (!bottom.equals(kind)) {
      row.clear();
      kind = bottom;
    }
    row.add(claim);
    if (reason == null && row.size() < ROW) {
      return List.of();
    }
    begins(failure);
    List<byte[]> now =
        row.stream().filter(one -> one.equals(claim) || spared.add(one)).map(Hex::bytes).toList();
    spared.add(claim);
    return now;
  }

  /** What lies at the bottom of a failure: layers above name the same thing differently. */
  private static Class<?> bottom(Throwable failure) {
    Throwable bottom = failure;
    for (int depth = 0; bottom.getCause() != null && depth < 20; depth++) {
      bottom = bottom.getCause();
    }
    return bottom.getClass();
  }

  /** A claim was judged; whether it is news that this can be done. */
  synchronized boolean succeeded(byte[] id) {
    suspects.addAll(spared);
    spared.clear();
    suspects.remove(Hex.of(id));
    row.clear();
    kind = null;
    return ends();
  }

  /** A plan was made; whether it is news that nothing fails any more. */
  synchronized boolean ends() {
    if (!spared.isEmpty()) {
      return false; // that is for a check to say
    }
    boolean news = reason != null;
    reason = null;
    return news;
  }

  /** Whether others go before a claim. */
  synchronized boolean spares(byte[] id) {
    return !spared.isEmpty() && spared.contains(Hex.of(id));
  }

  /** Forgets all but these claims. */
  synchronized void keep(Collection<byte[]> ids) {
    if (!row.isEmpty() || !spared.isEmpty() || !suspects.isEmpty()) {
      Set<String> kept = new HashSet<>();
      ids.forEach(id -> kept.add(Hex.of(id)));
      row.retainAll(kept);
      spared.retainAll(kept);
      suspects.retainAll(kept);
    }
  }
}
