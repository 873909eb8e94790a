package opml.outbox;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.time.Instant;
import opml.chain.Fee;
import opml.chain.Signed;
import org.hibernate.annotations.Generated;

/** One signed version of an intent; dearer versions replace it under the same nonce. */
@Entity
@Table(name = "signed_transaction")
class SignedTransaction extends PanacheEntityBase {
  @Id String hash;

  @Generated
  @Column(insertable = false, updatable = false)
  long sequence;

  String key;
  String account;
  long nonce;
  byte[] raw;
  long gas;
  BigDecimal priority; // wei
  BigDecimal most; // wei
  Instant signedAt;

  static SignedTransaction of(Signed signed, Instant now) {
    SignedTransaction row = new SignedTransaction();
    row.hash = signed.hash();
    row.key = signed.key();
    row.account = signed.account();
    row.nonce = signed.nonce();
    row.raw = signed.raw();
    row.gas = signed.gas();
    row.priority = new BigDecimal(signed.fee().priority());
    row.most = new BigDecimal(signed.fee().most());
    row.signedAt = now;
    return row;
  }

  Signed signed() {
    Fee fee = new Fee(priority.toBigIntegerExact(), most.toBigIntegerExact());
    return new Signed(key, account, nonce, hash, raw, gas, fee);
  }
}
