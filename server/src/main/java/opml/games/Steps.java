package opml.games;

import jakarta.enterprise.context.ApplicationScoped;
import opml.claim.Claims;
import opml.game.Trace;
import opml.http.Problem;

/** Steps of games: the disputed one from the chain, any other from the own trace. */
@ApplicationScoped
class Steps {
  private final Claims claims;
  private final Traces traces;

  Steps(Claims claims, Traces traces) {
    this.claims = claims;
    this.traces = traces;
  }

  /** The step that was proven, or null before. */
  StepView disputed(GameRecord game) {
    if (game.witness == null) {
      return null;
    }
    long index = game.at().loIndex();
    Trace trace = claims.known(game.claimId).map(traces::of).orElse(null);
    byte[] after = trace == null ? null : trace.witness(index + 1);
    return StepView.of(index, game.witness, after, game.at().hi());
  }

  StepView at(GameRecord game, String text) {
    if (!text.matches("[0-9]{1,15}") || Long.parseLong(text) >= 1L << 6 * game.h + 24) {
      throw Problem.invalid(
          "index", "index must be a step of the trace: 0 to 2^" + (6 * game.h + 24) + " - 1.");
    }
    long index = Long.parseLong(text);
    if (game.witness != null && game.at().loIndex() == index) {
      return disputed(game);
    }
    Trace trace = claims.known(game.claimId).map(traces::of).orElse(null);
    if (trace == null) {
      throw Problem.unavailable(
          "no-trace", "This server has not the model or the bytes of the claim: replay elsewhere.");
    }
    return StepView.of(index, trace.witness(index), trace.witness(index + 1), null);
  }
}
