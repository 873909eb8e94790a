package opml.games;

import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import opml.chain.GameKey;
import opml.claim.Claims;
import opml.event.Feed;
import opml.game.Position;
import opml.http.Hex;
import opml.http.Page;
import opml.http.Problem;

/** Keeps games and moves as the chain tells them. */
@ApplicationScoped
public class Games {
  private final Claims claims;
  private final Feed feed;

  Games(Claims claims, Feed feed) {
    this.claims = claims;
    this.feed = feed;
  }

  /**
   * The transaction that an event came with.
   *
   * @param at the time of its block
   */
  public record Source(String transaction, long block, long gas, Instant at) {}

  /** A game began. Seen twice, it is stored once. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void opened(GameKey key, byte[] position, Source source) {
    byte[] id = key.id();
    Claims.Known known = claims.known(key.claimId()).orElse(null);
    if (known == null || GameRecord.findById(id) != null) {
      return; // a claim older than our deployment file: not ours to show
    }
    GameRecord game = new GameRecord();
    game.id = id;
    game.claimId = key.claimId();
    game.proposer = known.claim().proposer().toLowerCase(Locale.ROOT);
    game.challenger = key.challenger().toLowerCase(Locale.ROOT);
    game.salt = key.salt();
    game.h = known.claim().h();
    game.status = GameRecord.Status.RUNNING;
    game.position = position;
    game.createdAt = source.at();
    game.persist();
    move(game, "challenger", "open", source);
  }

  /** The proposer revealed. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void revealed(byte[] id, byte[] position, byte[] states, Source source) {
    GameRecord game = present(id, position);
    if (game != null) {
      game.position = position;
      game.states = states;
      MoveRecord move = move(game, "proposer", "reveal", source);
      move.states = states;
    }
  }

  /** The challenger picked. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void picked(byte[] id, byte[] position, int segment, Source source) {
    GameRecord game = present(id, position);
    if (game != null) {
      game.position = position;
      MoveRecord move = move(game, "challenger", "pick", source);
      move.segment = segment;
    }
  }

  /**
   * A game is over.
   *
   * @param witness that the transaction's data may hold, or null
   */
  @Transactional(Transactional.TxType.MANDATORY)
  public void ended(byte[] id, String ending, boolean proposerWon, byte[] witness, Source source) {
    GameRecord game = GameRecord.findById(id);
    if (game == null || game.status != GameRecord.Status.RUNNING) {
      return;
    }
    game.status = proposerWon ? GameRecord.Status.PROPOSER_WON : GameRecord.Status.CHALLENGER_WON;
    game.ending = ending;
    game.witness = ending.startsWith("PROVED") ? game.proving(witness) : null;
    game.finishedAt = source.at();
    if (!ending.equals("MALFORMED")) {
      move(game, "anyone", ending.endsWith("TIMEOUT") ? "timeout" : "prove", source);
    }
  }

  /** A claim was defeated: its other games are over too. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void claimDefeated(byte[] claimId, Source source) {
    GameRecord.update(
        "status = ?1, ending = ?2, finishedAt = ?3 where claimId = ?4 and status = ?5",
        GameRecord.Status.CHALLENGER_WON,
        GameRecord.CLAIM_DEFEATED,
        source.at(),
        claimId,
        GameRecord.Status.RUNNING);
  }

  /** The challenger of a game was credited. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void settled(byte[] id) {
    GameRecord.update("settled = true where id = ?1", (Object) id);
  }

  /** A proposer was credited for all games about a claim that it has won so far. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void collected(byte[] claimId) {
    GameRecord.update(
        "settled = true where claimId = ?1 and status = ?2",
        claimId,
        GameRecord.Status.PROPOSER_WON);
  }

  /** The game, unless this event was seen before: positions count their moves. */
  private static GameRecord present(byte[] id, byte[] position) {
    GameRecord game = GameRecord.findById(id);
    boolean seen = game != null && game.at().moves() >= Position.unpack(position).moves();
    return seen ? null : game;
  }

  private MoveRecord move(GameRecord game, String player, String kind, Source source) {
    MoveRecord move = new MoveRecord();
    move.gameId = game.id;
    move.round = (int) MoveRecord.count("gameId", (Object) game.id);
    move.player = player;
    move.kind = kind;
    move.position = game.position;
    move.transactionHash = source.transaction();
    move.gas = source.gas();
    move.block = source.block();
    move.movedAt = source.at();
    move.persist();
    feed.tell(
        "move",
        "{\"gameId\":\""
            + Hex.of(game.id)
            + "\",\"round\":"
            + move.round
            + ",\"kind\":\""
            + kind
            + "\",\"status\":\""
            + game.status
            + "\"}");
    return move;
  }

  static GameRecord row(byte[] id) {
    GameRecord game = GameRecord.findById(id);
    if (game == null) {
      throw Problem.unknown("game", Hex.of(id));
    }
    return game;
  }

  /** Newest first, without moves. */
  Page<GameView> list(Page.Range range) {
    List<GameRecord> rows =
        GameRecord.<GameRecord>find("sequence < ?1", Sort.descending("sequence"), range.before())
            .page(0, range.limit() + 1)
            .list();
    return Page.of(rows, range, g -> g.sequence, GameView::brief);
  }
}
