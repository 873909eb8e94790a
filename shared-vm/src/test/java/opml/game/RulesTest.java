package opml.game;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import opml.commitment.Keccak;
import org.junit.jupiter.api.Test;

class RulesTest {
  private static final Radix RADIX = new Radix(2);
  private static final Rules RULES = new Rules(RADIX);
  private static final LetterTrace TRUTH = LetterTrace.counting(16);
  private static final byte[] NONE = new byte[0];

  private static Position opened() {
    return RULES.open(Keccak.hash(new byte[1]), TRUTH.state(0), TRUTH.state(16), 4, 1000, 100, 60);
  }

  private static void refused(String why, Runnable move) {
    assertEquals(why, assertThrows(IllegalMove.class, move::run).getMessage());
  }

  private static Move.Pick pick(Position p, List<byte[]> states, int segment) {
    byte[] lo = segment == 0 ? p.lo() : states.get(segment - 1);
    byte[] hi = segment == 3 ? p.hi() : states.get(segment);
    byte[] hiBranch = segment == 3 ? new byte[0] : RADIX.branch(p.lo(), states, segment + 1);
    return new Move.Pick(segment, lo, RADIX.branch(p.lo(), states, segment), hi, hiBranch, "");
  }

  @Test
  void aMoveOutOfTurnIsRefused() {
    List<byte[]> states = TRUTH.states(4, 4, 3);
    Position open = opened();
    refused("the proposer is to move", () -> RULES.pick(open, pick(open, states, 0), 1001));
    Position revealed = RULES.reveal(open, states, 1001);
    refused("the challenger is to move", () -> RULES.reveal(revealed, states, 1002));
    refused(
        "more than one step is left", () -> RULES.proposerWins(open, open.lo(), open.hi(), 1001));
  }

  @Test
  void aMoveIsLegalToTheLastSecondAndATimeoutFromTheNext() {
    List<byte[]> states = TRUTH.states(4, 4, 3);
    Position open = opened();
    assertEquals(1, RULES.reveal(open, states, 1099).proposerLeft());
    assertEquals(Clock.PROPOSER_RUNS, Clock.of(open, 1099));
    assertEquals(Clock.PROPOSER_LOST, Clock.of(open, 1100));
    refused("the proposer's clock is used up", () -> RULES.reveal(open, states, 1100));
    Position revealed = RULES.reveal(open, states, 1000);
    assertEquals(100, revealed.proposerLeft());
    Move.Pick pick = pick(revealed, states, 1);
    assertEquals(1, RULES.pick(revealed, pick, 1059).challengerLeft());
    assertEquals(Clock.CHALLENGER_LOST, Clock.of(revealed, 1060));
    refused("the challenger's clock is used up", () -> RULES.pick(revealed, pick, 1060));
  }

  @Test
  void aPickThatIsNotInTheRevealIsRefused() {
    List<byte[]> states = TRUTH.states(4, 4, 3);
    Position p = RULES.reveal(opened(), states, 1001);
    for (int segment = 0; segment < 4; segment++) {
      int at = segment;
      Move.Pick good = pick(p, states, segment);
      assertEquals(4L * segment, RULES.pick(p, good, 1002).loIndex());
      Move.Pick wrongLo =
          new Move.Pick(at, TRUTH.state(9), good.loBranch(), good.hi(), good.hiBranch(), "");
      refused("lo is not leaf " + at, () -> RULES.pick(p, wrongLo, 1002));
      if (segment < 3) {
        Move.Pick wrongHi =
            new Move.Pick(at, good.lo(), good.loBranch(), TRUTH.state(9), good.hiBranch(), "");
        refused("hi is not the next leaf", () -> RULES.pick(p, wrongHi, 1002));
      }
    }
    Move.Pick last = pick(p, states, 3);
    Move.Pick otherEnd = new Move.Pick(3, last.lo(), last.loBranch(), TRUTH.state(9), NONE, "");
    refused("hi is not the next leaf", () -> RULES.pick(p, otherEnd, 1002));
    Move.Pick longer = new Move.Pick(3, last.lo(), last.loBranch(), last.hi(), new byte[64], "");
    refused("hi is not the next leaf", () -> RULES.pick(p, longer, 1002));
    Move.Pick before = new Move.Pick(-1, p.lo(), new byte[64], p.hi(), new byte[64], "");
    refused("segment out of range", () -> RULES.pick(p, before, 1002));
    Move.Pick beyond = new Move.Pick(4, p.lo(), new byte[64], p.hi(), new byte[64], "");
    refused("segment out of range", () -> RULES.pick(p, beyond, 1002));
    Move.Pick shortBranch = new Move.Pick(0, p.lo(), new byte[32], p.hi(), new byte[64], "");
    refused("branch of 32 bytes, wanted 64", () -> RULES.pick(p, shortBranch, 1002));
  }

  @Test
  void aRevealHasAllCutPoints() {
    refused(
        "reveal of 2 states, wanted 3", () -> RULES.reveal(opened(), TRUTH.states(4, 4, 2), 1001));
  }

  @Test
  void theLastStepMustStartAtCommonGround() {
    Position leaf =
        RULES.open(Keccak.hash(new byte[1]), TRUTH.state(3), TRUTH.state(4), 0, 0, 9, 9);
    refused(
        "the witness does not start at lo",
        () -> RULES.proposerWins(leaf, TRUTH.state(2), TRUTH.state(4), 8));
    assertTrue(RULES.proposerWins(leaf, TRUTH.state(3), TRUTH.state(4), 8));
    refused(
        "the proposer's clock is used up",
        () -> RULES.proposerWins(leaf, TRUTH.state(3), TRUTH.state(4), 9));
    refused("one step is left: prove it", () -> RULES.reveal(leaf, List.of(), 1));
  }

  @Test
  void aPositionSurvivesPacking() {
    Random random = new Random(7);
    for (int i = 0; i < 100; i++) {
      byte[] bytes = new byte[Position.BYTES];
      random.nextBytes(bytes);
      Position p = Position.unpack(bytes);
      assertArrayEquals(bytes, p.packed());
      assertEquals(p, Position.unpack(p.packed()));
    }
    assertThrows(IllegalArgumentException.class, () -> Position.unpack(new byte[155]));
  }

  @Test
  void aPositionIsItsBytes() {
    byte[] bytes = opened().packed();
    assertArrayEquals(Keccak.hash(bytes), opened().hash());
    assertEquals(opened().hashCode(), Position.unpack(bytes).hashCode());
    for (int i = 0; i < Position.BYTES; i++) {
      bytes[i] ^= 1;
      assertNotEquals(opened(), Position.unpack(bytes), "byte " + i);
      bytes[i] ^= 1;
    }
  }

  @Test
  void aPackedPositionHasTheProtocolsOffsets() {
    Position p =
        new Position(
            Keccak.hash(new byte[1]),
            0x0102030405060708L,
            42,
            1,
            TRUTH.state(0),
            TRUTH.state(1),
            TRUTH.state(2),
            0x1112131415161718L,
            0x21222324,
            0x31323334,
            0x4142);
    byte[] packed = p.packed();
    assertEquals(1, packed[32]);
    assertEquals(8, packed[39]);
    assertEquals(42, packed[40]);
    assertEquals(1, packed[41]);
    assertEquals(TRUTH.state(0)[0], packed[42]);
    assertEquals(TRUTH.state(1)[0], packed[74]);
    assertEquals(TRUTH.state(2)[0], packed[106]);
    assertEquals(0x11, packed[138]);
    assertEquals(0x24, packed[149]);
    assertEquals(0x34, packed[153]);
    assertEquals(0x42, packed[155]);
  }

  @Test
  void everyLeafOfARevealTreeIsProvenByItsBranch() {
    for (int log2 = 1; log2 <= 6; log2++) {
      Radix radix = new Radix(log2);
      LetterTrace trace = LetterTrace.counting(100);
      List<byte[]> states = trace.states(1, 1, radix.reveals());
      byte[] root = radix.root(trace.state(0), states);
      for (int leaf = 0; leaf < radix.parts(); leaf++) {
        byte[] branch = radix.branch(trace.state(0), states, leaf);
        assertArrayEquals(root, radix.climb(trace.state(leaf), leaf, branch));
      }
    }
  }

  @Test
  void aRangeNarrowerThanARoundHasNoCutPoints() {
    assertEquals(1, RADIX.stride(2));
    assertThrows(IllegalArgumentException.class, () -> RADIX.stride(1));
  }

  @Test
  void roundsAreTheWidthOverSix() {
    for (int h = 1; h <= 4; h++) {
      assertEquals(2 * (h + 4), Rules.STANDARD.moves(6 * h + 24));
    }
  }
}
