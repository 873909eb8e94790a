package opml.receipt;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;

/** One batch of receipts and the transaction that bound it. */
@Entity
class Anchor extends PanacheEntityBase {
  @Id byte[] root;
  int leaves;
  String transactionHash; // null until mined
  Long block;
  Instant anchoredAt;
}
