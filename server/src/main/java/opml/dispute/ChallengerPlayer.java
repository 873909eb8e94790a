package opml.dispute;

import java.util.List;
import java.util.function.Consumer;
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
  boolean concerns(GameState game) {
    return game.key().challenger().equalsIgnoreCase(outbox.account());
  }

  @Override
  List<Turn> turns(List<GameState> games) {
    return games.stream().map(game -> new Turn(List.of(game))).toList();
  }

  @Override
  Turn.Answer answer(Table at, Turn turn, long now) {
    GameState game = turn.first();
    Position p = game.position();
    // SAFETY: whether the own clock is used up is for the contract to say, not for an endpoint.
    long time = p.turn() == Position.CHALLENGER ? p.movedAt() : now;
    return switch (mind.next(p, game.revealed(), trace, time)) {
      case Move.Pick pick -> pick(at, game, pick, time);
      case Move.Prove last when proof != Proof.NEVER ->
          new Turn.Answer("prove", last, at.contract().prove(game.key(), p, last));
      case Move.Timeout timeout ->
          new Turn.Answer("timeout", timeout, at.contract().timeout(game.key(), p));
      default -> null;
    };
  }

  private Turn.Answer pick(Table at, GameState game, Move.Pick pick, long time) {
    GameKey key = game.key();
    Position p = game.position();
    Position next = Rules.STANDARD.pick(p, pick, time);
    if (proof == Proof.WITH_LAST_PICK
        && next.isLeaf()
        && mind.next(next, game.revealed(), trace, time) instanceof Move.Prove last) {
      return new Turn.Answer("prove", pick, at.contract().pickAndProve(key, p, pick, last));
    }
    return new Turn.Answer("pick", pick, at.contract().pick(key, p, pick));
  }
}
