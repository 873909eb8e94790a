package opml.games;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.OptionalLong;

/**
 * Clocks of the games that this process plays. Those that strangers leave to themselves run out and
 * go on being open: they would hide the own.
 */
@ApplicationScoped
public class Clocks {
  private final Players players;

  Clocks(Players players) {
    this.players = players;
  }

  /** Seconds since the epoch at which the first one ends, if any runs. */
  public OptionalLong nearest() {
    return players.seats().stream().mapToLong(Players.Seat::deadline).min();
  }
}
