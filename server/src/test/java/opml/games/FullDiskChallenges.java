package opml.games;

import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import opml.claim.Claims;
import opml.money.Exposure;
import opml.outbox.Parties;

/** No claim can be checked, until that is repaired. */
@Alternative
@Singleton
class FullDiskChallenges extends Challenges {
  private volatile boolean repaired;

  FullDiskChallenges(Parties parties, Exposure exposure) {
    super(parties, exposure);
  }

  @Override
  boolean stakes(Claims.Known known) {
    if (!repaired) {
      throw new UncheckedIOException(new IOException("No space left on device"));
    }
    return super.stakes(known);
  }

  void repair() {
    repaired = true;
  }
}
