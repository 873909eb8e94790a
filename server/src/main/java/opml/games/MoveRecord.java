package opml.games;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** One move. Round 0 opens the game. */
@Entity
@Table(name = "move")
@IdClass(MoveRecord.Key.class)
class MoveRecord extends PanacheEntityBase {
  /** Identity: game and round. */
  static class Key implements Serializable {
    private static final long serialVersionUID = 1;
    byte[] gameId;
    int round;

    @Override
    public boolean equals(Object other) {
      return other instanceof Key k && round == k.round && Arrays.equals(gameId, k.gameId);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(gameId) * 31 + round;
    }
  }

  @Id byte[] gameId;
  @Id int round;
  String player; // proposer, challenger or anyone
  String kind; // open, reveal, pick, prove or timeout
  byte[] position; // after the move; the last one where the move ended the game
  Integer segment;
  byte[] states; // revealed, 63 x 32
  String transactionHash;
  long gas;
  long block;
  Instant movedAt;

  static List<MoveRecord> of(byte[] game) {
    return list("gameId = ?1 order by round", (Object) game);
  }
}
