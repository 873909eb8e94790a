package opml.dispute;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import opml.chain.Call;
import opml.chain.GameKey;
import opml.chain.Hex;
import opml.chain.Outbox;
import opml.game.HonestProposer;
import opml.game.Move;
import opml.game.Position;
import opml.game.Radix;
import opml.game.Trace;

/** Defends a claim in all its games; games at the same place are answered by one reveal. */
public final class ProposerPlayer extends Player {
  /** Games that one reveal answers at most: its gas must fit a block, however many Sybils play. */
  private static final int BATCH = 32;

  private final HonestProposer mind = new HonestProposer(Radix.STANDARD);

  private final boolean proves;

  public ProposerPlayer(Table table, Outbox outbox, Trace trace, Consumer<Played> record) {
    this(table, outbox, trace, record, true);
  }

  /**
   * A proposer.
   *
   * @param proves false for a liar who knows better than to prove the last step
   */
  ProposerPlayer(Table table, Outbox outbox, Trace trace, Consumer<Played> record, boolean proves) {
    super(table, outbox, trace, "proposer", record);
    this.proves = proves;
  }

  @Override
  boolean concerns(GameState game) {
    return true;
  }

  @Override
  List<Turn> turns(List<GameState> games) {
    Map<String, List<GameState>> places = new LinkedHashMap<>();
    for (GameState game : games) {
      Position p = game.position();
      boolean alone = p.turn() != Position.PROPOSER || p.isLeaf();
      String place = alone ? Hex.of(p.gameId()) : place(p);
      places.computeIfAbsent(place, any -> new ArrayList<>()).add(game);
    }
    List<Turn> turns = new ArrayList<>();
    for (List<GameState> together : places.values()) {
      for (int i = 0; i < together.size(); i += BATCH) {
        turns.add(new Turn(together.subList(i, Math.min(together.size(), i + BATCH))));
      }
    }
    return turns;
  }

  private static String place(Position p) {
    return p.loIndex() + "/" + p.width() + "/" + Hex.of(p.lo());
  }

  @Override
  Turn.Answer answer(Table at, Turn turn, long now) {
    GameKey key = turn.first().key();
    Position p = turn.position();
    // SAFETY: whether the own clock is used up is for the contract to say, not for an endpoint.
    long time = p.turn() == Position.PROPOSER ? p.movedAt() : now;
    return switch (mind.next(p, trace, time)) {
      case Move.Reveal reveal -> new Turn.Answer("reveal", reveal, reveal(at, turn, reveal));
      case Move.Prove proof when proves ->
          new Turn.Answer("prove", proof, at.contract().prove(key, p, proof));
      case Move.Timeout timeout ->
          new Turn.Answer("timeout", timeout, at.contract().timeout(key, p));
      default -> null;
    };
  }

  private static Call reveal(Table at, Turn turn, Move.Reveal reveal) {
    List<GameState> games = turn.games();
    if (games.size() == 1) {
      return at.contract().reveal(turn.first().key(), turn.position(), reveal);
    }
    return at.contract()
        .revealMany(
            games.stream().map(GameState::key).toList(),
            games.stream().map(GameState::position).toList(),
            reveal);
  }
}
