package opml.games;

import java.time.Instant;
import java.util.List;
import opml.game.Position;
import opml.http.Hex;

/**
 * A game as clients see it.
 *
 * @param status RUNNING, PROPOSER_WON or CHALLENGER_WON
 * @param ending PROVED_RIGHT, CHALLENGER_TIMEOUT, PROVED_WRONG, PROPOSER_TIMEOUT, MALFORMED or,
 *     when another game defeated the claim, CLAIM_DEFEATED
 * @param winner proposer or challenger; null while the game runs
 * @param turn whose clock runs; null when the game is over
 * @param proposerLeft seconds left at movedAt
 * @param challengerLeft seconds left at movedAt
 * @param position null when the claim was malformed
 * @param moves empty in lists
 */
public record GameView(
    String id,
    String claimId,
    String status,
    String ending,
    String proposer,
    String challenger,
    int h,
    String winner,
    String turn,
    Integer proposerLeft,
    Integer challengerLeft,
    Instant movedAt,
    PositionView position,
    List<MoveView> moves,
    StepView disputedStep,
    Instant openedAt,
    Instant finishedAt) {
  /**
   * What is in dispute: one wrong step among 2^width from loIndex on.
   *
   * @param packed the 156 bytes of protocol section 9
   */
  public record PositionView(
      String loIndex, int width, String turn, String lo, String hi, int moves, String packed) {
    static PositionView of(byte[] packed) {
      if (packed.length == 0) {
        return null;
      }
      Position p = Position.unpack(packed);
      return new PositionView(
          Long.toUnsignedString(p.loIndex()),
          p.width(),
          p.turn() == Position.PROPOSER ? "proposer" : "challenger",
          Hex.of(p.lo()),
          Hex.of(p.hi()),
          p.moves(),
          Hex.of(packed));
    }
  }

  /**
   * One move and the range it left.
   *
   * @param by proposer, challenger or anyone
   * @param kind open, reveal, pick, prove or timeout
   * @param states the 63 states revealed
   * @param ownStates what this server computed at the same indices, to the first that differs; of
   *     own picks only
   * @param milliseconds from reading the position to the receipt; of own moves only
   * @param reason why, in words; of own moves only
   */
  public record MoveView(
      int round,
      String by,
      String kind,
      String loIndex,
      Integer width,
      String lo,
      String hi,
      Integer segment,
      List<String> states,
      List<String> ownStates,
      String gas,
      String transaction,
      Long milliseconds,
      String reason,
      Instant movedAt) {
    static MoveView of(MoveRecord m, MoveNote note) {
      PositionView p = PositionView.of(m.position);
      return new MoveView(
          m.round,
          m.player,
          m.kind,
          p == null ? null : p.loIndex(),
          p == null ? null : p.width(),
          p == null ? null : p.lo(),
          p == null ? null : p.hi(),
          m.segment,
          hex(m.states),
          note == null ? null : hex(note.ownStates),
          Long.toString(m.gas),
          m.transactionHash,
          note == null ? null : note.milliseconds,
          note == null ? null : note.reason,
          m.movedAt);
    }

    private static List<String> hex(byte[] joined) {
      return joined == null ? null : GameRecord.split(joined).stream().map(Hex::of).toList();
    }
  }

  static GameView brief(GameRecord g) {
    return of(g, List.of(), null);
  }

  static GameView of(GameRecord g, List<MoveRecord> moves, StepView step) {
    Position p = g.position.length == 0 ? null : g.at();
    boolean runs = g.status == GameRecord.Status.RUNNING;
    boolean proposerWon = g.status == GameRecord.Status.PROPOSER_WON;
    PositionView at = PositionView.of(g.position);
    return new GameView(
        Hex.of(g.id),
        Hex.of(g.claimId),
        g.status.name(),
        g.ending,
        g.proposer,
        g.challenger,
        g.h,
        runs ? null : proposerWon ? "proposer" : "challenger",
        runs && at != null ? at.turn() : null,
        p == null ? null : p.proposerLeft(),
        p == null ? null : p.challengerLeft(),
        p == null ? null : Instant.ofEpochSecond(p.movedAt()),
        at,
        moves.stream().map(m -> MoveView.of(m, MoveNote.about(m))).toList(),
        step,
        g.createdAt,
        g.finishedAt);
  }
}
