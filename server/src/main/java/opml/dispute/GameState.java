package opml.dispute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import opml.chain.ChainEvent;
import opml.chain.DisputeContract;
import opml.chain.GameKey;
import opml.chain.Hex;
import opml.game.Position;

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
    return switch (event.name()) {
      case "GameOpened" ->
          new GameState(
              new GameKey(claimId, event.address("challenger"), event.bytes("salt")),
              position(event),
              List.of(),
              null);
      case "Revealed" ->
          new GameState(game.key, position(event), states(event.bytes("states")), null);
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
