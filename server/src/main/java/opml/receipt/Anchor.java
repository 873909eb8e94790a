package opml.receipt;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import opml.http.Hex;

/** One batch of receipts and the transaction that bound it. */
@Entity
class Anchor extends PanacheEntityBase {
  private static final int MOST = 12; // more than an hour
  private static final int MINUTE = 60;

  @Id byte[] root;
  int leaves;
  String transactionHash; // null until mined
  Long block;
  Instant anchoredAt;
  int failures; // transactions that were reverted
  Instant failedAt; // or when its event was not found

  boolean isBound() {
    return transactionHash != null;
  }

  /** Names the transaction to be sent: the key of one that was reverted is used up. */
  String key() {
    String plain = "anchor " + Hex.of(root);
    return failures == 0 ? plain : plain + " again " + failures;
  }

  /** Seconds to the next try. */
  long pause() {
    return failures == 0 ? MINUTE : 1L << Math.min(MOST, failures);
  }

  boolean isDue(Instant now) {
    return failedAt == null || !now.isBefore(failedAt.plusSeconds(pause()));
  }

  void failed(Instant now) {
    failures++;
    failedAt = now;
  }
}
