package opml.prompt;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Generated;

/** One prompt and, in the end, its answer. */
@Entity
class Prompt extends PanacheEntityBase {
  enum Status {
    QUEUED,
    RUNNING,
    DONE,
    CANCELLED,
    FAILED
  }

  @Id UUID id;

  @Generated
  @Column(insertable = false, updatable = false)
  long sequence;

  String model; // name in the catalogue
  byte[] input; // protocol section 6

  @Enumerated(EnumType.STRING)
  Status status;

  Instant leaseUntil; // another process may take a RUNNING prompt from then on
  byte[] output; // protocol section 6
  Long operators;
  int[] promptIds; // tokens, once answered
  int[] completionIds;
  Double tokensPerSecond; // from the first token on
  String error;
  byte[] receiptId;
  String client; // hash of the address, of bounds alone
  String idempotencyKey;
  byte[] bodyHash;
  byte[] stopToken; // known to who asked
  Instant createdAt;
  Instant startedAt;
  Instant finishedAt;

  boolean ended() {
    return status == Status.DONE || status == Status.CANCELLED || status == Status.FAILED;
  }
}
