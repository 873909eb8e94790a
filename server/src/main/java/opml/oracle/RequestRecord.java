package opml.oracle;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import opml.chain.OracleRequest;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.Generated;

/** One request on chain. */
@Entity
@DynamicUpdate // several roles write it at the same time, each what it changed
@Table(name = "oracle_request")
class RequestRecord extends PanacheEntityBase {
  enum Status {
    OPEN,
    CLAIMED,
    FINAL,
    REFUNDED
  }

  @Id byte[] id;

  @Generated
  @Column(insertable = false, updatable = false)
  long sequence;

  byte[] request; // ABI form
  byte[] input;
  byte[] modelId;
  String proposer;

  @Enumerated(EnumType.STRING)
  Status status;

  byte[] claimId;
  long expiry; // seconds since the epoch
  String transactionHash;
  String error; // why it is not answered here
  Instant requestedAt;

  OracleRequest asked() {
    return OracleRequest.decode(request);
  }
}
