package opml.games;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import opml.http.Hex;

/**
 * Tells a failure of everything, such as a full disk or a lost database, from one that a claim
 * brings with it. The first is no claim's fault: whose checks failed by it are spared, and tried
 * again after all others, so that claims that look like one keep nobody waiting for long.
 *
 * <p>Those that were spared once, while others succeeded since, are suspects until they succeed: no
 * outage begins by them, or claims made to fail would look like one for ever. One that others have
 * shown spares them as well. So an outage in which nothing but suspects is left to be checked is
 * not told as one, as is one with fewer claims than a row has: each of them is told by itself.
 */
@ApplicationScoped
class Outage {
  /** Checks that fail alike, of different claims and none between them that succeeds. */
  private static final int ROW = 3;

  private final Set<String> row = new LinkedHashSet<>();
  private final Precedence spared = new Precedence(); // nothing has succeeded since
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
    if (reason == null && suspects.contains(claim)) {
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
    List<byte[]> now = new ArrayList<>();
    for (String one : row) {
      if (one.equals(claim) || !spared.names().contains(one)) {
        spared.failed(one);
        now.add(Hex.bytes(one));
      }
    }
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
    suspects.addAll(spared.names());
    spared.clear();
    suspects.remove(Hex.of(id));
    row.clear();
    kind = null;
    return ends();
  }

  /** A plan was made; whether it is news that nothing fails any more. */
  synchronized boolean ends() {
    if (!spared.names().isEmpty()) {
      return false; // that is for a check to say
    }
    boolean news = reason != null;
    reason = null;
    return news;
  }

  /** Whether others go before a claim. */
  synchronized boolean spares(byte[] id) {
    return !spared.names().isEmpty() && spared.names().contains(Hex.of(id));
  }

  /** Claims in the order in which to check them: one that always fails holds up no other. */
  synchronized <T> List<T> order(List<T> claims, Function<T, byte[]> id) {
    return spared.order(claims, claim -> Hex.of(id.apply(claim)));
  }

  /** Forgets all but these claims. */
  synchronized void keep(Collection<byte[]> ids) {
    if (!row.isEmpty() || !spared.names().isEmpty() || !suspects.isEmpty()) {
      Set<String> kept = new HashSet<>();
      ids.forEach(id -> kept.add(Hex.of(id)));
      row.retainAll(kept);
      spared.keep(kept);
      suspects.retainAll(kept);
    }
  }
}
