package opml.games;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import opml.chain.Call;
import opml.chain.DisputeContract;
import opml.chain.GameKey;
import opml.chain.Reverted;
import opml.chain.Salts;
import opml.chain.Sent;
import opml.chain.Terms;
import opml.claim.Claims;
import opml.http.Hex;
import opml.model.Model;
import opml.money.Exposure;
import opml.outbox.Parties;
import opml.role.EachRow;
import org.jboss.logging.Logger;

/** Opens games without waiting for their blocks: the next claim is replayed meanwhile. */
@ApplicationScoped
class Challenges {
  private static final Logger LOG = Logger.getLogger(Challenges.class);
  private static final int ATTEMPTS = 3;

  private final Parties parties;
  private final Exposure exposure;
  private final Map<String, Opened> opened = new HashMap<>(); // by key
  private Salts salts;
  private Terms terms;
  private boolean poor; // said once, not every second

  Challenges(Parties parties, Exposure exposure) {
    this.parties = parties;
    this.exposure = exposure;
  }

  private record Opened(byte[] claimId, Call call, String reason, int attempt, long start) {}

  /**
   * Sets the bond of a challenge aside; false where no more may be staked. That of a game that runs
   * has been paid, maybe on the command line with the last ether there was.
   */
  boolean stakes(Claims.Known known) {
    byte[] claimId = known.claim().id();
    if (isOpen(claimId)) {
      return true;
    }
    String account = parties.validating().account();
    long bytes = known.input().length + known.output().length;
    boolean fits = exposure.stake(account, game(claimId), terms().challengeBond(), bytes);
    if (!fits && !poor) {
      LOG.warn(
          "claims wait: a challenge would exceed opml.bonds.share of the validator's ether, or leave"
              + " too little of it for the gas of its games at today's price");
    }
    poor = !fits;
    return fits;
  }

  /** No game about this claim: the bond is free again. */
  void release(byte[] claimId) {
    exposure.release(game(claimId));
  }

  /** Whether the blocks that were read have the own game about a claim. */
  boolean isOpen(byte[] claimId) {
    byte[] id = game(claimId);
    return QuarkusTransaction.requiringNew()
        .call(() -> GameRecord.findByIdOptional(id).isPresent());
  }

  private boolean isPosted(byte[] claimId) {
    List<String> keys = keys(claimId);
    return QuarkusTransaction.requiringNew()
        .call(
            () ->
                (Long)
                        GameRecord.getEntityManager()
                            .createNativeQuery(
                                "select count(*) from outbox where key in (?1)", Long.class)
                            .setParameter(1, keys)
                            .getSingleResult()
                    > 0);
  }

  /** The game about a claim that this validator opens. */
  byte[] game(byte[] claimId) {
    return new GameKey(claimId, parties.validating().account(), salt(claimId)).id();
  }

  private synchronized byte[] salt(byte[] claimId) {
    if (salts == null) {
      salts = new Salts(parties.validator());
    }
    return salts.of(claimId);
  }

  /** Keys under which games about a claim may have been opened; more are not tried. */
  List<String> keys(byte[] claimId) {
    return IntStream.rangeClosed(0, ATTEMPTS).mapToObj(n -> key(claimId, n)).toList();
  }

  private static String key(byte[] claimId, int attempt) {
    String plain = "open " + Hex.of(claimId);
    return attempt == 0 ? plain : plain + " again " + attempt;
  }

  /** Whether the transaction that opens a game about a claim is under way. */
  boolean opens(byte[] claimId) {
    return opened.values().stream().anyMatch(game -> Arrays.equals(game.claimId, claimId));
  }

  /** Challenges a claim; one that the chain refuses, for it is too late, is told in the log. */
  void open(Claims.Known known, Model model, String reason) {
    byte[] id = known.claim().id();
    if (isOpen(id) && !isPosted(id)) {
      return; // by the command line: there may be no ether to ask the chain about a second bond
    }
    Call call =
        dispute()
            .open(
                known.claim(),
                model.onChain(),
                known.input(),
                known.output(),
                salt(known.claim().id()),
                parties.validating().account(),
                terms().challengeBond());
    post(new Opened(known.claim().id(), call, reason, 0, System.nanoTime()));
  }

  private void post(Opened game) {
    String key = key(game.claimId, game.attempt);
    Optional<Sent> sent;
    try {
      sent = parties.validating().post(key, game.call, game.reason);
    } catch (Reverted e) {
      refused(game, e);
      return;
    } catch (RuntimeException | Error e) {
      release(game.claimId); // nothing was signed: its bond must not hold up other claims
      throw e;
    }
    if (sent.isPresent()) {
      mined(game, sent.get());
    } else {
      opened.put(key, game);
    }
  }

  /** Too late or no longer needed: the verdict is kept all the same. */
  private void refused(Opened game, Reverted e) {
    release(game.claimId);
    LOG.warnf("no game about claim %s: %s", Hex.of(game.claimId), e.getMessage());
  }

  /** Notes what became of games opened before; one that fails keeps no other waiting. */
  void note() {
    EachRow.of(List.copyOf(opened.keySet()), LOG, key -> "what came of '" + key + "'", this::note);
  }

  /** What is left in the middle here is for {@link Pursuit} to end. */
  private void note(String key) {
    Opened game = opened.get(key);
    try {
      Optional<Sent> sent = parties.validating().outcome(key);
      if (sent.isPresent()) {
        opened.remove(key);
        mined(game, sent.get());
      }
    } catch (Reverted e) {
      opened.remove(key);
      refused(game, e);
    }
  }

  private void mined(Opened game, Sent sent) {
    if (sent.succeeded()) {
      byte[] id = game(game.claimId);
      long millis = (System.nanoTime() - game.start) / 1_000_000;
      QuarkusTransaction.requiringNew()
          .run(() -> MoveNote.of(id, sent.transaction(), game.reason, millis).keep());
    } else if (game.attempt < ATTEMPTS) {
      // Mined in a race or for want of gas: the chain says before the next whether it makes sense.
      post(new Opened(game.claimId, game.call, game.reason, game.attempt + 1, game.start));
    } else {
      release(game.claimId);
      LOG.errorf("no game about claim %s: reverted again and again", Hex.of(game.claimId));
    }
  }

  private Terms terms() {
    if (terms == null) {
      terms = dispute().terms();
    }
    return terms;
  }

  private DisputeContract dispute() {
    return new DisputeContract(parties.chain(), parties.deployment().contracts().dispute());
  }
}
