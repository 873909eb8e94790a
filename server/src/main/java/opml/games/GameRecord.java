package opml.games;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import opml.chain.GameKey;
import opml.game.Position;
import opml.step.StepVerifier;
import opml.step.WitnessException;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.Generated;

/** One game about a claim (protocol section 9). */
@Entity
@DynamicUpdate // several roles write it at the same time, each what it changed
@Table(name = "game")
class GameRecord extends PanacheEntityBase {
  enum Status {
    RUNNING,
    PROPOSER_WON,
    CHALLENGER_WON
  }

  /** Ending of a game whose claim was defeated by another game. */
  static final String CLAIM_DEFEATED = "CLAIM_DEFEATED";

  @Id byte[] id;

  @Generated
  @Column(insertable = false, updatable = false)
  long sequence;

  byte[] claimId;
  String proposer;
  String challenger;
  byte[] salt;
  int h;

  @Enumerated(EnumType.STRING)
  Status status;

  String ending;
  byte[] position; // the present or last one, 156 bytes; empty when the claim was malformed
  byte[] states; // the last reveal, 63 x 32
  byte[] witness; // of the disputed step, once proven
  boolean settled;
  Instant createdAt;
  Instant finishedAt;

  GameKey key() {
    return new GameKey(claimId, challenger, salt);
  }

  Position at() {
    return Position.unpack(position);
  }

  /** The witness if it is the present step's: whose contract ends a game may be called with any. */
  byte[] proving(byte[] given) {
    Position at = at();
    try {
      boolean boundary = (at.loIndex() & 0xffffff) == 0;
      byte[] pre = given == null ? null : Arrays.copyOf(StepVerifier.verify(given, boundary), 32);
      return Arrays.equals(pre, at.lo()) ? given : null;
    } catch (WitnessException e) {
      return null; // SAFETY: a stranger's bytes must not stop the indexer
    }
  }

  List<byte[]> revealed() {
    return split(states);
  }

  static List<byte[]> split(byte[] joined) {
    List<byte[]> out = new ArrayList<>();
    for (int i = 0; joined != null && i < joined.length; i += 32) {
      out.add(Arrays.copyOfRange(joined, i, i + 32));
    }
    return out;
  }
}
