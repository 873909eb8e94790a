package opml.games;

import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import opml.claim.Claims;
import opml.http.Hex;
import opml.model.Model;
import opml.money.Exposure;
import opml.outbox.Parties;

/**
 * The first game about a claim is not opened: an endpoint that is behind knows of none. Ether may
 * be short from then on.
 */
@Alternative
@Singleton
class RefusedChallenges extends Challenges {
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private volatile boolean spends; // all ether, with the next refusal
  private volatile boolean poor;
  private volatile int asked; // for a stake while ether is short

  RefusedChallenges(Parties parties, Exposure exposure) {
    super(parties, exposure);
  }

  @Override
  void open(Claims.Known known, Model model, String reason) {
    if (refused.add(Hex.of(known.claim().id()))) {
      release(known.claim().id());
      poor = spends;
    } else {
      super.open(known, model, reason);
    }
  }

  @Override
  synchronized boolean stakes(Claims.Known known) {
    asked += poor ? 1 : 0;
    return !poor && super.stakes(known);
  }

  /** With the next refusal all ether is spent. */
  void spend() {
    spends = true;
  }

  void earn() {
    spends = false;
    poor = false;
  }

  int asked() {
    return asked;
  }
}
