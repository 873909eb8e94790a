package opml.games;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.ByteArrayOutputStream;
import java.io.Serializable;
import java.util.Arrays;
import opml.dispute.Played;

/** Why a player of ours moved, and what it computed itself. */
@Entity
@Table(name = "move_note")
@IdClass(MoveNote.Key.class)
class MoveNote extends PanacheEntityBase {
  /** Identity: one transaction may answer several games. */
  static class Key implements Serializable {
    private static final long serialVersionUID = 1;
    byte[] gameId;
    String transactionHash;

    @Override
    public boolean equals(Object other) {
      return other instanceof Key k
          && transactionHash.equals(k.transactionHash)
          && Arrays.equals(gameId, k.gameId);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(gameId) * 31 + transactionHash.hashCode();
    }
  }

  @Id byte[] gameId;
  @Id String transactionHash;
  String reason;
  long milliseconds;
  byte[] ownStates; // up to 63 x 32, of picks

  static MoveNote about(MoveRecord move) {
    return find("gameId = ?1 and transactionHash = ?2", move.gameId, move.transactionHash)
        .firstResult();
  }

  static void keep(Played played) {
    MoveNote note =
        of(played.gameId(), played.transaction(), played.reason(), played.milliseconds());
    if (!played.own().isEmpty()) {
      ByteArrayOutputStream joined = new ByteArrayOutputStream();
      played.own().forEach(joined::writeBytes);
      note.ownStates = joined.toByteArray();
    }
    note.keep();
  }

  static MoveNote of(byte[] gameId, String transaction, String reason, long milliseconds) {
    MoveNote note = new MoveNote();
    note.gameId = gameId;
    note.transactionHash = transaction;
    note.reason = reason;
    note.milliseconds = milliseconds;
    return note;
  }

  void keep() {
    if (count("gameId = ?1 and transactionHash = ?2", gameId, transactionHash) == 0) {
      persist();
    }
  }
}
