package opml.game;

import java.util.List;

/** What a player does next, and why in words. */
public sealed interface Move {
  String reason();

  /** The states at the cut points of the disputed segment, 32 bytes each. */
  record Reveal(List<byte[]> states, String reason) implements Move {}

  /**
   * The first wrong segment.
   *
   * @param segment 0 .. parts - 1
   * @param lo reveal tree leaf {@code segment}, with its branch
   * @param hi leaf {@code segment + 1} with its branch, or the old hi and no branch for the last
   */
  record Pick(int segment, byte[] lo, byte[] loBranch, byte[] hi, byte[] hiBranch, String reason)
      implements Move {}

  /** The witness of the one step left. */
  record Prove(byte[] witness, String reason) implements Move {}

  /** The opponent's clock is used up. */
  record Timeout(String reason) implements Move {}

  /** Nothing to do now. */
  record Wait(String reason) implements Move {}

  /** Nothing to win: the opponent is right, or the game is not about one's own claim. */
  record Resign(String reason) implements Move {}
}
