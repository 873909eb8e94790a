package opml.dispute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import opml.chain.ChainEvent;
import opml.game.Position;

/**
 * How a game went on inside one operator, by the chain's events.
 *
 * @param operator the first position that lies inside one: its first state is common ground
 * @param rounds what was revealed and picked from there on
 * @param last the position now, or the last one
 */
public record Narrowing(Position operator, List<Round> rounds, Position last) {
  /** log2 of the steps of an operator. */
  public static final int WIDTH = 24;

  /**
   * A round.
   *
   * @param states revealed by the proposer
   * @param after the challenger's pick; null before it
   */
  public record Round(Position before, List<byte[]> states, Position after) {}

  /**
   * Reads a game.
   *
   * @throws IllegalArgumentException when it is none, or not narrowed down to one operator yet
   */
  public static Narrowing of(byte[] gameId, List<ChainEvent> events) {
    List<Round> rounds = new ArrayList<>();
    List<ChainEvent> so = new ArrayList<>();
    Position operator = null;
    Position last = null;
    for (ChainEvent event : events) {
      boolean ours =
          event.fields().containsKey("gameId") && Arrays.equals(gameId, event.bytes("gameId"));
      if (!ours) {
        continue;
      }
      so.add(event);
      GameState now = GameState.of(gameId, so).values().iterator().next();
      Position before = last;
      last = now.position();
      if (last == null || last.width() > WIDTH) {
        continue;
      }
      operator = operator == null ? last : operator;
      if (event.name().equals("Revealed")) {
        rounds.add(new Round(before, now.revealed(), null));
      } else if (event.name().equals("Picked") && !rounds.isEmpty()) {
        Round open = rounds.removeLast();
        rounds.add(new Round(open.before(), open.states(), last));
      }
    }
    if (operator == null) {
      throw new IllegalArgumentException(
          last == null
              ? "the chain tells of no such game: check its id and --rpc-url"
              : "the game is about 2^"
                  + (last.width() - WIDTH)
                  + " operators still: ask again when it is about one");
    }
    return new Narrowing(operator, List.copyOf(rounds), last);
  }
}
