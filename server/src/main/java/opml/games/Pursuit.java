package opml.games;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import opml.claim.Claims;
import opml.http.Hex;
import opml.model.Model;
import opml.model.Models;
import opml.role.EachRow;
import org.jboss.logging.Logger;

/**
 * Sees to it that each claim that was found false has its game: the process may have been killed
 * before it saw what came of the opening, an endpoint that is behind may have refused it, the chain
 * may have dropped it.
 */
@ApplicationScoped
class Pursuit {
  private static final Logger LOG = Logger.getLogger(Pursuit.class);

  /**
   * Opened in a block that the indexer has not read yet, or tried as often as it is tried. SAFETY:
   * an endpoint may lie about a receipt; the block that was read has the game or has it not.
   */
  private static final String DONE =
      "select count(*) from outbox where key in (?1) and succeeded"
          + " and block >= (select max(next_block) from chain_cursor)"
          + " or key = ?2 and not succeeded";

  private final Claims claims;
  private final Models models;
  private final Challenges challenges;
  private final Setbacks tried = new Setbacks(() -> System.nanoTime() / 1_000_000_000);

  Pursuit(Claims claims, Models models, Challenges challenges) {
    this.claims = claims;
    this.models = models;
    this.challenges = challenges;
  }

  /**
   * Opens what is missing.
   *
   * @param now seconds since the epoch, of the chain
   */
  void pursue(long now) {
    List<byte[]> differing = claims.differing(Instant.ofEpochSecond(now));
    tried.keep(differing);
    EachRow.of(differing, LOG, id -> "pursuit of claim " + Hex.of(id), id -> pursue(id, now));
  }

  private void pursue(byte[] id, long now) {
    if (tried.waits(id) || challenges.opens(id) || isFought(id)) {
      return;
    }
    Claims.Known known = claims.known(id).orElse(null);
    Model model = known == null ? null : models.withId(known.claim().modelId());
    if (model == null) {
      return;
    }
    // Before the stake: while ether is short, or no endpoint answers, the chain is asked less
    // often.
    tried.failed(id, known.windowEndsAt().getEpochSecond() - now, 1);
    if (challenges.stakes(known)) {
      challenges.open(known, model, "it differs and has no game yet");
    }
  }

  private boolean isFought(byte[] id) {
    List<String> keys = challenges.keys(id);
    return challenges.isOpen(id) || QuarkusTransaction.requiringNew().call(() -> isDone(keys));
  }

  private static boolean isDone(List<String> keys) {
    Object done =
        GameRecord.getEntityManager()
            .createNativeQuery(DONE, Long.class)
            .setParameter(1, keys)
            .setParameter(2, keys.getLast())
            .getSingleResult();
    return ((Number) done).longValue() > 0;
  }
}
