package opml.games;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import opml.claim.Claims;
import opml.dispute.ReplayTrace;
import opml.http.Client;
import opml.http.Hex;
import opml.http.Places;
import opml.http.Problem;
import opml.machine.Machine;
import opml.model.Model;
import opml.model.Models;

/**
 * Steps of games: the disputed one from the chain, any other from a replay that is apart from those
 * of the players. One at a time, in the order in which they were asked for: a client that asks on
 * and on keeps nobody else from his turn.
 */
@ApplicationScoped
class Steps {
  private static final long CACHE = 128L << 20; // bytes of the key/value cache kept
  private static final int KEPT = 256; // witnesses

  private static final int AT_ONCE = 4; // one is replayed, the others wait; each holds a thread
  private static final int OF_ONE = 3; // client
  private static final int RETRY_SECONDS = 2;

  static final Places PLACES =
      new Places(
          AT_ONCE,
          OF_ONE,
          () -> busy(503, AT_ONCE + " steps are replayed or wait for it."),
          () -> busy(429, "You have " + OF_ONE + " steps replayed here: wait for one."));

  private final Claims claims;
  private final Models models;
  private final Semaphore one = new Semaphore(1, true);
  private final Map<String, byte[]> witnesses =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
          return size() > KEPT;
        }
      };
  private String claim = "";
  private Model model; // of that claim
  private ReplayTrace trace;

  Steps(Claims claims, Models models) {
    this.claims = claims;
    this.models = models;
  }

  private static Problem busy(int status, String detail) {
    return Problem.busy(status, "replay-busy", detail, RETRY_SECONDS);
  }

  /** The step that was proven, or null before; what follows it only where nobody else waits. */
  StepView disputed(GameRecord game, Client client) {
    if (game.witness == null) {
      return null;
    }
    byte[] after = null;
    try {
      after = witness(game, game.at().loIndex() + 1, client, false);
    } catch (Problem e) {
      // no trace here, or busy: the disputed step itself is the chain's
    }
    return StepView.of(game.at().loIndex(), game.witness, after, game.at().hi());
  }

  StepView at(GameRecord game, String text, Client client) {
    if (!text.matches("[0-9]{1,15}") || Long.parseLong(text) >= 1L << 6 * game.h + 24) {
      throw Problem.invalid(
          "index", "index must be a step of the trace: 0 to 2^" + (6 * game.h + 24) + " - 1.");
    }
    long index = Long.parseLong(text);
    if (game.witness != null && game.at().loIndex() == index) {
      return disputed(game, client);
    }
    byte[] before = witness(game, index, client, true);
    return StepView.of(index, before, witness(game, index + 1, client, true), null);
  }

  private byte[] witness(GameRecord game, long index, Client client, boolean waits) {
    String name = Hex.of(game.claimId) + " " + index;
    synchronized (witnesses) {
      byte[] known = witnesses.get(name);
      if (known != null) {
        return known;
      }
    }
    byte[] witness = alone(game, client, waits, trace -> trace.witness(index));
    synchronized (witnesses) {
      witnesses.put(name, witness);
    }
    return witness;
  }

  /**
   * What is to be told of the state where an operator begins.
   *
   * @param text the operator's number, as given by a client
   */
  <T> T operator(GameRecord game, String text, Client client, Function<Machine, T> told) {
    if (!text.matches("[0-9]{1,8}") || Long.parseLong(text) > 1L << 6 * game.h) {
      throw Problem.invalid(
          "operator", "operator must be one of the trace: 0 to 2^" + 6 * game.h + ".");
    }
    return alone(game, client, true, trace -> told.apply(trace.at(Long.parseLong(text))));
  }

  private <T> T alone(
      GameRecord game, Client client, boolean waits, Function<ReplayTrace, T> work) {
    Runnable leave = PLACES.enter(client);
    try {
      if (!one.tryAcquire(waits ? Long.MAX_VALUE : 0, TimeUnit.NANOSECONDS)) {
        throw busy(503, "Another step is being replayed.");
      }
      try {
        return work.apply(trace(game.claimId));
      } finally {
        one.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.unavailable("stopping", "The server stops: ask again in some seconds.");
    } finally {
      leave.run();
    }
  }

  private ReplayTrace trace(byte[] claimId) {
    String id = Hex.of(claimId);
    if (!id.equals(claim) || !models.all().contains(model)) { // it may be closed meanwhile
      if (trace != null) {
        trace.close();
        trace = null;
        claim = "";
      }
      Claims.Known known = claims.known(claimId).orElse(null);
      model = known == null ? null : models.withId(known.claim().modelId());
      if (model == null || model.engine() == null || known.input() == null) {
        throw Problem.unavailable(
            "no-trace",
            "This server has not the model or the bytes of the claim: replay elsewhere.");
      }
      trace = new ReplayTrace(model.program(), known.input(), CACHE);
      claim = id;
    }
    return trace;
  }
}
