package opml.game;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import opml.commitment.Keccak;
import org.junit.jupiter.api.Test;

/** What honest players do at each kind of position, in each state of its clock. */
class HonestMovesTest {
  private static final Radix RADIX = new Radix(2);
  private static final LetterTrace TRUTH = LetterTrace.counting(20);
  private static final byte[] LIE = Keccak.hash(new byte[] {9});
  private static final List<byte[]> NONE = List.of();
  private static final int IN_TIME = 1099;
  private static final int TOO_LATE = 1100;

  private final HonestProposer proposer = new HonestProposer(RADIX);
  private final HonestChallenger challenger = new HonestChallenger(RADIX);

  /** From s(4), both clocks at 100 seconds since 1000. */
  private static Position at(int width, int turn, byte[] hi) {
    byte[] reveal = new byte[32];
    return new Position(LIE, 4, width, turn, TRUTH.state(4), hi, reveal, 1000, 100, 100, 2);
  }

  @Test
  void theProposersClockIsItsOwnToUseAndTheOthersToEnd() {
    Position p = at(2, Position.PROPOSER, LIE);
    assertInstanceOf(Move.Reveal.class, proposer.next(p, TRUTH, IN_TIME));
    assertInstanceOf(Move.Resign.class, proposer.next(p, TRUTH, TOO_LATE));
    assertInstanceOf(Move.Wait.class, challenger.next(p, NONE, TRUTH, IN_TIME));
    assertInstanceOf(Move.Timeout.class, challenger.next(p, NONE, TRUTH, TOO_LATE));
  }

  @Test
  void theChallengersClockIsItsOwnToUseAndTheOthersToEnd() {
    Position p = at(2, Position.CHALLENGER, LIE);
    List<byte[]> told = TRUTH.states(5, 1, 3);
    assertInstanceOf(Move.Pick.class, challenger.next(p, told, TRUTH, IN_TIME));
    assertInstanceOf(Move.Resign.class, challenger.next(p, told, TRUTH, TOO_LATE));
    assertInstanceOf(Move.Wait.class, proposer.next(p, TRUTH, IN_TIME));
    assertInstanceOf(Move.Timeout.class, proposer.next(p, TRUTH, TOO_LATE));
  }

  @Test
  void thePickIsTheFirstSegmentWithAWrongEnd() {
    Position p = at(2, Position.CHALLENGER, LIE);
    for (int wrong = 0; wrong < 4; wrong++) {
      List<byte[]> told = TRUTH.states(5, 1, 3);
      if (wrong < 3) {
        told.set(wrong, LIE);
      }
      Move.Pick pick = (Move.Pick) challenger.next(p, told, TRUTH, IN_TIME);
      assertEquals(wrong, pick.segment());
      assertArrayEquals(TRUTH.state(4 + wrong), pick.lo());
      assertArrayEquals(LIE, pick.hi());
      assertEquals("first state that differs is " + (wrong + 1) + " of 4", pick.reason());
    }
  }

  /** Whoever is right at the last step proves it, and the other has nothing to send. */
  @Test
  void theLastStepIsProvenByWhoeverIsRight() {
    Position right = at(0, Position.PROPOSER, TRUTH.state(5));
    assertArrayEquals(TRUTH.witness(4), proven(proposer.next(right, TRUTH, IN_TIME)));
    assertInstanceOf(Move.Resign.class, challenger.next(right, NONE, TRUTH, IN_TIME));
    Position wrong = at(0, Position.PROPOSER, LIE);
    assertArrayEquals(TRUTH.witness(4), proven(challenger.next(wrong, NONE, TRUTH, IN_TIME)));
    assertInstanceOf(Move.Resign.class, proposer.next(wrong, TRUTH, IN_TIME));
    assertInstanceOf(Move.Timeout.class, challenger.next(right, NONE, TRUTH, TOO_LATE));
    assertInstanceOf(Move.Resign.class, proposer.next(right, TRUTH, TOO_LATE));
  }

  private static byte[] proven(Move move) {
    return assertInstanceOf(Move.Prove.class, move).witness();
  }
}
