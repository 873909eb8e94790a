package opml.outbox;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.time.Instant;
import org.hibernate.annotations.Generated;

/** One thing to be done on chain, once. */
@Entity
@Table(name = "outbox")
class Intent extends PanacheEntityBase {
  @Id String key;

  @Generated
  @Column(insertable = false, updatable = false)
  long sequence;

  String account;
  String recipient;
  byte[] data;
  BigDecimal value; // wei
  String reason;
  String transactionHash; // null until mined
  Boolean succeeded;
  Long gasUsed;
  Long block;
  Long milliseconds;
  String error;
  Instant createdAt;
  Instant finishedAt;
}
