package opml.indexer;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import opml.chain.Block;

/** A block that was read. Near the head every one is kept, further back some. */
@Entity
@Table(name = "chain_block")
class Seen extends PanacheEntityBase {
  @Id long number;
  String hash;
  String parent;

  static Seen of(Block block) {
    Seen seen = new Seen();
    seen.number = block.number();
    seen.hash = block.hash();
    seen.parent = block.parent();
    return seen;
  }
}
