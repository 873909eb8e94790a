package opml.claim;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import opml.chain.Claim;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.Generated;

/** One claim (protocol section 10). */
@Entity
@DynamicUpdate // several roles write it at the same time, each what it changed
@Table(name = "claim")
class ClaimRecord extends PanacheEntityBase {
  enum Kind {
    ORACLE,
    RECEIPT,
    DIRECT
  }

  enum Status {
    OPEN,
    SURVIVED,
    DEFEATED
  }

  @Id byte[] id;

  @Generated
  @Column(insertable = false, updatable = false)
  long sequence;

  @Enumerated(EnumType.STRING)
  Kind kind;

  byte[] modelId;
  byte[] inputHash;
  byte[] outputHash;
  byte[] input; // null until somebody posts it
  byte[] output;
  Long tokens; // that it says it took, as far as the input allows; null where the bytes are unknown
  int h;
  String proposer;
  String source;
  byte[] salt;

  @Enumerated(EnumType.STRING)
  Status status;

  @Enumerated(EnumType.STRING)
  Verdict verdict; // null until replayed

  byte[] ownOutput;
  String transactionHash;
  long block;
  Instant claimedAt;
  Instant windowEndsAt;

  Claim claim() {
    return new Claim(modelId, inputHash, outputHash, h, proposer, source, salt);
  }
}
