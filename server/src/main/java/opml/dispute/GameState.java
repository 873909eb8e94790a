package opml.dispute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import opml.chain.ChainDown;
import opml.chain.ChainEvent;
import opml.chain.DisputeContract;
import opml.chain.GameKey;
import opml.chain.Hex;
import opml.game.Position;
import opml.game.Radix;

/**
 * Where a game stands, from the chain's events alone.
 *
 * @param position the present one, or the last one of a game that ended; null when malformed
 * @param revealed the 63 states of the last reveal, empty before the first
 * @param ending null while the game goes on
 */
public record GameState(
    GameKey key, Position position, List<byte[]> revealed, DisputeContract.Ending ending) {

  public boolean isOver() {
    return ending != null;
  }

  /** All games of a claim, by the hex of their id, in the order of their opening. */
  public static Map<String, GameState> of(byte[] claimId, List<ChainEvent> events) {
    Map<String, GameState> games = new LinkedHashMap<>();
    for (ChainEvent event : events) {
      if (event.fields().containsKey("gameId")) {
        games.compute(Hex.of(event.bytes("gameId")), (id, game) -> after(game, claimId, event));
      }
    }
    return games;
  }

  private static GameState after(GameState game, byte[] claimId, ChainEvent event) {
    if (game == null && !event.name().equals("GameOpened")) {
      throw new ChainDown("an endpoint tells of a game whose opening it does not tell", null);
    }
    return switch (event.name()) {
      case "GameOpened" ->
          new GameState(
              new GameKey(claimId, event.address("challenger"), event.bytes("salt")),
              position(event),
              List.of(),
              null);
      case "Revealed" -> revealed(game, event);
      case "Picked" -> new GameState(game.key, position(event), List.of(), null);
      case "GameEnded" ->
          new GameState(
              game.key,
              game.position,
              game.revealed,
              DisputeContract.Ending.values()[(int) event.number("ending")]);
      default -> game;
    };
  }

  /** SAFETY: a pick of states that are not those of the position would be refused and cost gas. */
  private static GameState revealed(GameState game, ChainEvent event) {
    Position p = position(event);
    List<byte[]> states = states(event.bytes("states"));
    if (states.size() != Radix.STANDARD.reveals()
        || !Arrays.equals(Radix.STANDARD.root(p.lo(), states), p.reveal())) {
      throw new ChainDown("an endpoint tells states that are not those revealed", null);
    }
    return new GameState(game.key, p, states, null);
  }

  private static Position position(ChainEvent event) {
    byte[] packed = event.bytes("position");
    return packed.length == 0 ? null : Position.unpack(packed);
  }

  private static List<byte[]> states(byte[] joined) {
    List<byte[]> states = new ArrayList<>();
    for (int at = 0; at < joined.length; at += 32) {
      states.add(Arrays.copyOfRange(joined, at, at + 32));
    }
    return states;
  }
}
