package opml.dispute;

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
  public int play(byte[] claimId) {
    long now = table.now();
    int moves = 0;
    Map<String, List<GameState>> reveals = new LinkedHashMap<>();
    for (GameState game : table.games(claimId)) {
      Position p = game.position();
      if (game.isOver() || p == null) {
        continue;
      }
      if (p.turn() == Position.PROPOSER && !p.isLeaf()) {
        reveals.merge(place(p), List.of(game), ProposerPlayer::joined);
      } else {
        moves += answer(game, now);
      }
    }
    for (List<GameState> games : reveals.values()) {
      for (int i = 0; i < games.size(); i += BATCH) {
        moves += reveal(games.subList(i, Math.min(games.size(), i + BATCH)), now);
      }
    }
    return moves;
  }

  private static List<GameState> joined(List<GameState> a, List<GameState> b) {
    return java.util.stream.Stream.concat(a.stream(), b.stream()).toList();
  }

  private static String place(Position p) {
    return p.loIndex() + "/" + p.width() + "/" + Hex.of(p.lo());
  }

  private int reveal(List<GameState> games, long now) {
    long start = System.nanoTime();
    GameState first = games.getFirst();
    Move move = mind.next(first.position(), trace, now);
    if (!(move instanceof Move.Reveal reveal)) {
      return 0;
    }
    if (games.size() == 1) {
      Call call = table.contract().reveal(first.key(), first.position(), reveal);
      return send("reveal", first, move, call, start);
    }
    List<GameKey> keys = games.stream().map(GameState::key).toList();
    List<Position> positions = games.stream().map(GameState::position).toList();
    Call call = table.contract().revealMany(keys, positions, reveal);
    return send("reveal", first, move, call, start);
  }

  private int answer(GameState game, long now) {
    long start = System.nanoTime();
    Move move = mind.next(game.position(), trace, now);
    if (move instanceof Move.Prove proof && proves) {
      Call call = table.contract().prove(game.key(), game.position(), proof);
      return send("prove", game, move, call, start);
    }
    if (move instanceof Move.Timeout) {
      Call call = table.contract().timeout(game.key(), game.position());
      return send("timeout", game, move, call, start);
    }
    return 0;
  }
}
