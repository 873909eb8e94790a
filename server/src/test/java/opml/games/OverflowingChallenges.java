package opml.games;

import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.util.Arrays;
import opml.claim.Claims;
import opml.money.Exposure;
import opml.outbox.Parties;

/** The first claim that is checked takes more stack than there is, until that is repaired. */
@Alternative
@Singleton
class OverflowingChallenges extends Challenges {
  private byte[] first;
  private boolean repaired;

  OverflowingChallenges(Parties parties, Exposure exposure) {
    super(parties, exposure);
  }

  @Override
  synchronized boolean stakes(Claims.Known known) {
    byte[] claimId = known.claim().id();
    first = first == null ? claimId : first;
    if (!repaired && Arrays.equals(claimId, first)) {
      deeper(0);
    }
    return super.stakes(known);
  }

  private static long deeper(long level) {
    return level < 0 ? 0 : 1 + deeper(level + 1);
  }

  synchronized void repair() {
    repaired = true;
  }
}
