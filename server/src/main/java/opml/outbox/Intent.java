package opml.outbox;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.time.Instant;
import opml.chain.Sent;
import opml.chain.Signed;
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
  boolean orphaned; // its block was dropped; false again once it has succeeded in another

  /** What the sender does of its own accord: it fills nonces. */
  static Intent ofSender(Signed signed, Instant now) {
    Intent row = new Intent();
    row.key = signed.key();
    row.account = signed.account();
    row.recipient = signed.account();
    row.data = new byte[0];
    row.value = BigDecimal.ZERO;
    row.reason = "a nonce must not stay unused";
    row.createdAt = now;
    return row;
  }

  void mined(Sent sent, long millis, Instant now) {
    transactionHash = sent.transaction();
    succeeded = sent.succeeded();
    gasUsed = sent.gas();
    block = sent.block();
    milliseconds = millis;
    finishedAt = now;
    orphaned &= !sent.succeeded();
  }

  /** Frees the key of an act that a reorganisation made fail; false when it isn't one. */
  static boolean release(String key) {
    return update(
            "key = concat(key, ' ~ ', transactionHash), orphaned = false"
                + " where key = ?1 and orphaned and transactionHash is not null",
            key)
        == 1;
  }
}
