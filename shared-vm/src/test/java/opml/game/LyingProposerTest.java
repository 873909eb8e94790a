package opml.game;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import opml.commitment.Keccak;
import org.junit.jupiter.api.Test;

class LyingProposerTest {
  private static final byte[] LIE = Keccak.hash(new byte[] {9, 9});

  /** Every way to tell each revealed state right, made up, or right for another index. */
  @Test
  void everyFalseRevealAtEveryDepthLoses() {
    int games = 0;
    for (int log2 = 1; log2 <= 3; log2++) {
      int kinds = log2 == 3 ? 2 : 3;
      int width = log2 == 3 ? 6 : log2 == 2 ? 6 : 5;
      games += enumerate(new Radix(log2), width, kinds);
    }
    assertTrue(games > 30_000, "games " + games);
  }

  private static int enumerate(Radix radix, int width, int kinds) {
    int choices = (int) Math.pow(kinds, radix.reveals());
    int rounds = width / radix.log2();
    int total = (int) Math.pow(choices, rounds);
    LetterTrace truth = LetterTrace.counting((1 << width) + 1);
    for (int game = 0; game < total; game++) {
      Table table = new Table(radix, truth, width, LIE);
      int[] rest = {game};
      Table.Player liar =
          (p, revealed, now) -> {
            if (p.isLeaf()) {
              return new Move.Prove(truth.witness(p.loIndex()), "hopes");
            }
            table.checkChallengerInvariant();
            int choice = rest[0] % choices;
            rest[0] /= choices;
            return new Move.Reveal(told(radix, truth, p, choice, kinds), "lies");
          };
      assertEquals(Table.Winner.CHALLENGER, table.play(liar, table.honestChallenger()));
      // Rationale: a liar who makes every move makes the game exactly as long as the bound.
      assertEquals(table.rules.moves(width), table.p.moves());
      assertEquals(1, table.proofs);
    }
    return total;
  }

  private static List<byte[]> told(
      Radix radix, LetterTrace truth, Position p, int choice, int kinds) {
    List<byte[]> states = new ArrayList<>();
    long stride = radix.stride(p.width());
    for (int i = 1; i <= radix.reveals(); i++) {
      long index = p.loIndex() + i * stride;
      int kind = choice % kinds;
      choice /= kinds;
      states.add(kind == 0 ? truth.state(index) : kind == 1 ? LIE : truth.state(index + 1));
    }
    return states;
  }

  @Test
  void aTraceThatIsWrongFromAnyStepOnLosesAtThatStep() {
    LetterTrace truth = LetterTrace.counting((1 << 12) + 1);
    for (int wrong = 1; wrong <= 1 << 12; wrong += 7) {
      Table table = new Table(Radix.STANDARD, truth, 12, LIE);
      Trace lying = new WrongFrom(truth, wrong);
      HonestProposer honestButWrong = new HonestProposer(Radix.STANDARD);
      Table.Player liar =
          (p, revealed, now) ->
              p.isLeaf() ? new Move.Wait("silent") : honestButWrong.next(p, lying, now);
      assertEquals(Table.Winner.CHALLENGER, table.play(liar, table.honestChallenger()));
      assertEquals(wrong - 1, table.p.loIndex(), "the disputed step is the first wrong one");
      assertEquals(4, table.p.moves());
    }
  }

  @Test
  void noStateAfterTheFirstThatDiffersIsComputed() {
    LetterTrace truth = LetterTrace.counting((1 << 12) + 1);
    Table table = new Table(Radix.STANDARD, truth, 12, LIE);
    List<byte[]> told = new WrongFrom(truth, 1000).states(64, 64, 63);
    Position p = table.rules.reveal(table.p, told, table.now + 1);
    List<Long> asked = new ArrayList<>();
    Trace own = new Overheard(truth, asked);
    Move move = new HonestChallenger(Radix.STANDARD).next(p, told, own, table.now + 2);
    assertEquals(15, ((Move.Pick) move).segment());
    assertEquals(LongStream.rangeClosed(1, 16).mapToObj(i -> 64 * i).toList(), asked);
  }

  @Test
  void silenceAtAnyMoveLoses() {
    LetterTrace truth = LetterTrace.counting(65);
    for (int silentFrom = 0; silentFrom <= 6; silentFrom++) {
      Table table = new Table(new Radix(2), truth, 6, LIE);
      int from = silentFrom;
      HonestProposer told = new HonestProposer(table.radix);
      Table.Player liar =
          (p, revealed, now) ->
              p.moves() >= from ? new Move.Wait("silent") : told.next(p, truth, now);
      assertEquals(Table.Winner.CHALLENGER, table.play(liar, table.honestChallenger()));
    }
  }

  @Test
  void theSlowestLegalLiarStaysWithinBothClocks() {
    LetterTrace truth = LetterTrace.counting(65);
    for (int saved = 0; saved < 6; saved++) {
      Table table = new Table(new Radix(2), truth, 6, LIE);
      int last = saved;
      long start = table.now;
      HonestProposer told = new HonestProposer(table.radix);
      Table.Player slow =
          new Table.Player() {
            @Override
            public Move next(Position p, List<byte[]> revealed, long now) {
              return told.next(p, truth, now);
            }

            @Override
            public int delay(Position p, long now) {
              // Spends all but a second at one move, then the rest.
              return p.moves() == last ? p.proposerLeft() - 1 : p.moves() > last ? 1 : 0;
            }
          };
      assertEquals(Table.Winner.CHALLENGER, table.play(slow, table.honestChallenger()));
      assertTrue(table.now - start <= Table.CLOCK + 6, "took " + (table.now - start));
    }
  }

  @Test
  void aChallengerNeverDoubtsTheTruth() {
    HonestChallenger honest = new HonestChallenger(new Radix(2));
    LetterTrace truth = LetterTrace.counting(17);
    assertFalse(honest.doubts(truth.state(16), 4, truth));
    assertTrue(honest.doubts(LIE, 4, truth));
    // Rationale: a game somebody else opened against the truth gets no pick from an honest player.
    for (int width = 2; width <= 4; width += 2) {
      Table table = new Table(new Radix(2), truth, width, truth.state(1 << width));
      Table.Player proposer = table.honestProposer();
      assertEquals(Table.Winner.PROPOSER, table.play(proposer, table.honestChallenger()));
      assertEquals(1, table.p.moves());
    }
  }

  /** Right until a step, then states of its own. */
  private record WrongFrom(LetterTrace truth, long wrong) implements Trace {
    @Override
    public byte[] state(long index) {
      byte[] own = truth.state(index);
      return index < wrong ? own : Keccak.hash(Arrays.copyOf(own, 40));
    }

    @Override
    public List<byte[]> states(long from, long stride, int count) {
      List<byte[]> states = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        states.add(state(from + i * stride));
      }
      return states;
    }

    @Override
    public byte[] witness(long index) {
      return truth.witness(index);
    }
  }

  /** Notes which states are asked for. */
  private record Overheard(LetterTrace truth, List<Long> asked) implements Trace {
    @Override
    public byte[] state(long index) {
      asked.add(index);
      return truth.state(index);
    }

    @Override
    public List<byte[]> states(long from, long stride, int count) {
      throw new AssertionError("they may be more than the answer needs");
    }

    @Override
    public byte[] witness(long index) {
      return truth.witness(index);
    }
  }
}
