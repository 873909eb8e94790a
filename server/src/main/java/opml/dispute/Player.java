package opml.dispute;

import java.util.List;
import java.util.function.Consumer;
import opml.chain.Call;
import opml.chain.Hex;
import opml.chain.Outbox;
import opml.chain.Reverted;
import opml.chain.Sent;
import opml.game.Move;
import opml.game.Position;
import opml.game.Radix;
import opml.game.Trace;

/**
 * One side of the games about a claim. It remembers nothing that matters: after a restart the chain
 * says where each game stands, and the claim's bytes give the trace.
 */
public abstract sealed class Player permits ProposerPlayer, ChallengerPlayer {
  private static final int ATTEMPTS = 3;

  final Table table;
  final Outbox outbox;
  final Trace trace;
  private final String side;
  private final Consumer<Played> record;

  Player(Table table, Outbox outbox, Trace trace, String side, Consumer<Played> record) {
    this.table = table;
    this.outbox = outbox;
    this.trace = trace;
    this.side = side;
    this.record = record;
  }

  /** Makes every move that is this side's to make in the games of a claim; returns how many. */
  public abstract int play(byte[] claimId);

  /**
   * Sends one move. A position that was answered meanwhile, by whomever, is no error: the next look
   * at the chain shows it.
   */
  final int send(String kind, GameState game, Move move, Call call, long start) {
    long handed = System.nanoTime();
    Sent sent;
    try {
      sent = mined(key(kind, game.position()), call);
    } catch (Reverted e) {
      if (e.error().equals("StalePosition") || e.error().equals("ClaimNotOpen")) {
        return 0;
      }
      throw e;
    }
    record.accept(played(kind, game, move, sent, start, handed));
    return 1;
  }

  /**
   * A move that was mined but reverted, for want of gas or in a race, is tried again as a new one:
   * if the position was answered meanwhile, the chain then refuses it before it is sent.
   */
  private Sent mined(String key, Call call) {
    Sent sent = outbox.send(key, call);
    for (int again = 1; !sent.succeeded() && again <= ATTEMPTS; again++) {
      sent = outbox.send(key + " again " + again, call);
    }
    if (!sent.succeeded()) {
      throw new Reverted(key + ": mined and reverted " + (1 + ATTEMPTS) + " times", new byte[0]);
    }
    return sent;
  }

  private Played played(
      String kind, GameState game, Move move, Sent sent, long start, long handed) {
    Position p = game.position();
    List<byte[]> states = move instanceof Move.Reveal r ? r.states() : game.revealed();
    List<byte[]> own = List.of();
    if (move instanceof Move.Pick) {
      long stride = Radix.STANDARD.stride(p.width());
      own = trace.states(p.loIndex() + stride, stride, Radix.STANDARD.reveals());
    }
    return new Played(
        p.moves() / 2 + 1,
        side,
        kind,
        p.gameId(),
        p,
        move instanceof Move.Pick pick ? pick.segment() : -1,
        states,
        own,
        sent.gas(),
        sent.transaction(),
        (System.nanoTime() - start) / 1_000_000,
        (handed - start) / 1_000_000,
        move.reason());
  }

  /** The same answer to the same position is the same key, whoever asks and how often. */
  private String key(String kind, Position p) {
    return side + " " + kind + " " + Hex.of(p.hash());
  }
}
