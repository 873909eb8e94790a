package opml.indexer;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** How far the indexer has read; it moves in the transaction that stores what was read. */
@Entity
@Table(name = "chain_cursor")
class Cursor extends PanacheEntityBase {
  @Id String name;
  long nextBlock;
}
