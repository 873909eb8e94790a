package opml.dispute;

import java.util.function.Consumer;
import opml.chain.Call;
import opml.chain.GameKey;
import opml.chain.Outbox;
import opml.game.HonestChallenger;
import opml.game.Move;
import opml.game.Position;
import opml.game.Radix;
import opml.game.Rules;
import opml.game.Trace;

/** Plays the games that an account has opened against a claim. */
public final class ChallengerPlayer extends Player {
  private final HonestChallenger mind = new HonestChallenger(Radix.STANDARD);

  /** How the one step left is proven. */
  public enum Proof {
    /** In the transaction of the last pick: cheapest, and a silent liar gains no time. */
    WITH_LAST_PICK,
    /** In a transaction of its own, so that its cost can be seen. */
    APART,
    /** Not at all: a liar knows better. */
    NEVER
  }

  private final Proof proof;

  public ChallengerPlayer(Table table, Outbox outbox, Trace trace, Consumer<Played> record) {
    this(table, outbox, trace, record, Proof.WITH_LAST_PICK);
  }

  ChallengerPlayer(Table table, Outbox outbox, Trace trace, Consumer<Played> record, Proof proof) {
    super(table, outbox, trace, "challenger", record);
    this.proof = proof;
  }

  @Override
  public int play(byte[] claimId) {
    int moves = 0;
    long now = table.now();
    for (GameState game : table.games(claimId)) {
      boolean own = game.key().challenger().equalsIgnoreCase(outbox.account());
      if (own && !game.isOver() && game.position() != null) {
        moves += answer(game, now);
      }
    }
    return moves;
  }

  private int answer(GameState game, long now) {
    long start = System.nanoTime();
    GameKey key = game.key();
    Position p = game.position();
    Move move = mind.next(p, game.revealed(), trace, now);
    if (move instanceof Move.Pick pick) {
      return pick(game, pick, now, start);
    }
    if (move instanceof Move.Prove last && proof != Proof.NEVER) {
      return send("prove", game, move, table.contract().prove(key, p, last), start);
    }
    if (move instanceof Move.Timeout) {
      return send("timeout", game, move, table.contract().timeout(key, p), start);
    }
    return 0;
  }

  private int pick(GameState game, Move.Pick pick, long now, long start) {
    GameKey key = game.key();
    Position p = game.position();
    Position next = Rules.STANDARD.pick(p, pick, now);
    if (proof == Proof.WITH_LAST_PICK
        && next.isLeaf()
        && mind.next(next, game.revealed(), trace, now) instanceof Move.Prove last) {
      Call both = table.contract().pickAndProve(key, p, pick, last);
      return send("prove", game, pick, both, start);
    }
    return send("pick", game, pick, table.contract().pick(key, p, pick), start);
  }
}
