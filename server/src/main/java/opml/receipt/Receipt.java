package opml.receipt;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.UUID;
import opml.http.Hex;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.Generated;

/**
 * One answer with what its proposer stands for. Indexer and anchoring write it at the same time:
 * each writes the columns it changed, so that none undoes the other's.
 */
@Entity
@DynamicUpdate
class Receipt extends PanacheEntityBase {
  enum Status {
    /** Signed. */
    GENERATED,
    /** In a batch whose root is on chain. */
    ANCHORED,
    /** The deadline passed and nobody doubted it. */
    FINAL,
    /** A game about it runs. */
    CHALLENGED,
    /** It was challenged and its claim survived. */
    UPHELD,
    /** It was challenged and found false. */
    OVERTURNED
  }

  @Id byte[] id; // struct hash

  @Generated
  @Column(insertable = false, updatable = false)
  long sequence;

  UUID promptId;
  String model;
  byte[] modelId;
  byte[] input;
  byte[] output;
  byte[] inputHash;
  byte[] outputHash;
  int h;
  long deadline; // seconds since the epoch
  byte[] proposer;
  byte[] signature; // r | s | v

  @Enumerated(EnumType.STRING)
  Status status;

  long operators; // length of the trace
  byte[] claimId;
  boolean bondDecided; // back in the escrow, or lost
  byte[] anchorRoot;
  Integer leafIndex;
  byte[] branch; // siblings from the leaf upwards
  Instant createdAt;

  opml.chain.Receipt says() {
    return new opml.chain.Receipt(modelId, inputHash, outputHash, h, deadline, Hex.of(proposer));
  }
}
