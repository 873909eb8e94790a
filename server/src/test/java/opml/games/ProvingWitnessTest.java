package opml.games;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import opml.commitment.Keccak;
import opml.game.Position;
import org.junit.jupiter.api.Test;

/** Whoever ends a game through a contract of his own chooses what the transaction's data says. */
class ProvingWitnessTest {
  private static final byte[] FAULT = {3};

  private static GameRecord at(byte[] lo) {
    byte[] none = new byte[32];
    GameRecord game = new GameRecord();
    game.position = new Position(none, 5, 0, 0, lo, none, none, 1, 1, 1, 4).packed();
    return game;
  }

  @Test
  void onlyTheWitnessOfTheDisputedStepIsKept() {
    GameRecord game = at(Keccak.hash(FAULT));
    assertArrayEquals(FAULT, game.proving(FAULT));
    assertNull(game.proving(null));
    assertNull(game.proving(new byte[0]));
    assertNull(game.proving(new byte[] {3, 0}), "longer than its form");
    assertNull(game.proving(new byte[] {7}), "of no form");
    assertNull(at(new byte[32]).proving(FAULT), "another step's");
  }
}
