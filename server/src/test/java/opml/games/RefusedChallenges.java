package opml.games;

import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import opml.claim.Claims;
import opml.model.Model;
import opml.money.Exposure;
import opml.outbox.Parties;

/** The first game is not opened: an endpoint that is behind knows of no claim. */
@Alternative
@Singleton
class RefusedChallenges extends Challenges {
  private boolean refused;

  RefusedChallenges(Parties parties, Exposure exposure) {
    super(parties, exposure);
  }

  @Override
  void open(Claims.Known known, Model model, String reason) {
    if (refused) {
      super.open(known, model, reason);
    } else {
      release(known.claim().id());
    }
    refused = true;
  }
}
