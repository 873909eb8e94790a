package opml.game;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class LyingChallengerTest {
  @Test
  void everyPickAtEveryDepthLoses() {
    int games = 0;
    for (int log2 = 1; log2 <= 4; log2++) {
      Radix radix = new Radix(log2);
      int width = log2 == 1 ? 10 : log2 == 4 ? 8 : log2 * 3;
      LetterTrace truth = LetterTrace.counting(1 << width);
      for (int step = 0; step < 1 << width; step++, games++) {
        assertEquals(step, play(radix, truth, width, step).p.loIndex());
      }
    }
    assertTrue(games > 1500, "games " + games);
  }

  @Test
  void everyPickLosesAlsoWhereTheTraceHasEnded() {
    LetterTrace shortTrace = LetterTrace.counting(5);
    for (int step = 0; step < 1 << 12; step += 5) {
      assertEquals(step, play(Radix.STANDARD, shortTrace, 12, step).p.loIndex());
    }
  }

  private static Table play(Radix radix, LetterTrace truth, int width, long step) {
    Table table = new Table(radix, truth, width, truth.state(1L << width));
    Table.Player liar =
        (p, revealed, now) -> p.isLeaf() ? new Move.Wait("hopes") : pick(radix, p, revealed, step);
    Table.Player honest = table.honestProposer();
    Table.Player checked =
        (p, revealed, now) -> {
          table.checkProposerInvariant();
          return honest.next(p, revealed, now);
        };
    assertEquals(Table.Winner.PROPOSER, table.play(checked, liar));
    // Rationale: a liar who makes every move makes the game exactly as long as the bound.
    assertEquals(table.rules.moves(width), table.p.moves());
    return table;
  }

  /** The segment that leads to the wanted step. */
  private static Move pick(Radix radix, Position p, List<byte[]> revealed, long step) {
    int segment = (int) ((step - p.loIndex()) / radix.stride(p.width()));
    boolean last = segment == radix.reveals();
    return new Move.Pick(
        segment,
        segment == 0 ? p.lo() : revealed.get(segment - 1),
        radix.branch(p.lo(), revealed, segment),
        last ? p.hi() : revealed.get(segment),
        last ? new byte[0] : radix.branch(p.lo(), revealed, segment + 1),
        "lies");
  }

  @Test
  void silenceAtAnyPickLoses() {
    LetterTrace truth = LetterTrace.counting(64);
    for (int silentFrom = 1; silentFrom <= 5; silentFrom += 2) {
      int from = silentFrom;
      Table table = new Table(new Radix(2), truth, 6, truth.state(64));
      long start = table.now;
      Table.Player liar =
          (p, revealed, now) ->
              p.moves() >= from ? new Move.Wait("silent") : pick(table.radix, p, revealed, 17);
      assertEquals(Table.Winner.PROPOSER, table.play(table.honestProposer(), liar));
      assertTrue(table.now - start <= Table.CLOCK + 6);
    }
  }
}
