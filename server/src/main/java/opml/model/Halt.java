package opml.model;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;

/** A model of which nothing is claimed or signed any more. */
@Entity
class Halt extends PanacheEntityBase {
  @Id byte[] modelId;
  String model; // its name when it was halted
  String reason;
  byte[] input; // of the answer that was audited, protocol section 6
  Instant haltedAt;
}
