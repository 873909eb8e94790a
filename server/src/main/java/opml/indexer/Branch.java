package opml.indexer;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.List;
import opml.chain.Block;
import opml.chain.Chain;
import opml.event.Feed;
import opml.outbox.Orphans;
import opml.outbox.Parties;
import opml.receipt.Receipts;
import org.jboss.logging.Logger;

/**
 * Notices that the chain has left the blocks that were read, and takes back what they said.
 *
 * <p>INV-40: after a roll-back the rows that come from the chain are those of its present blocks.
 */
@ApplicationScoped
class Branch {
  private static final Logger LOG = Logger.getLogger(Branch.class);

  private final Parties parties;
  private final Receipts receipts;
  private final Orphans orphans;
  private final Feed feed;

  Branch(Parties parties, Receipts receipts, Orphans orphans, Feed feed) {
    this.parties = parties;
    this.receipts = receipts;
    this.orphans = orphans;
    this.feed = feed;
  }

  /** The newest block that was read, or null. */
  Seen newest() {
    return QuarkusTransaction.requiringNew()
        .call(() -> Seen.<Seen>findAll(Sort.descending("number")).firstResult());
  }

  /**
   * Compares what was read with the chain, and rolls back to the last common block.
   *
   * @return whether anything was rolled back
   * @throws TooDeep when no block that is still remembered is common
   */
  boolean follow(long head) {
    Seen at = below(head);
    if (at == null || common(at)) {
      return false; // a node that is behind is no other chain
    }
    while (at != null && !common(at)) {
      at = below(at.number - 1);
    }
    if (at == null) {
      throw new TooDeep();
    }
    long kept = at.number;
    QuarkusTransaction.requiringNew().timeout(120).run(() -> rollBack(kept));
    return true;
  }

  private void rollBack(long kept) {
    Cursor cursor = Cursor.findById("events", LockModeType.PESSIMISTIC_WRITE);
    long dropped = cursor.nextBlock - 1 - kept;
    LOG.warnf("the chain dropped %d blocks after %d: reading again from there", dropped, kept);
    Seen.getEntityManager()
        .createNativeQuery("select undo_above(?1)", Object.class)
        .setParameter(1, kept)
        .getResultList();
    cursor.nextBlock = kept + 1;
    List<String> ours = orphans.above(kept);
    receipts.dropped(ours, kept);
    orphans.dropped(ours);
    feed.tell("reorganisation", "{\"block\":\"" + kept + "\",\"dropped\":" + dropped + "}");
  }

  /** The chain does not hold these transactions of ours any more. */
  void dropped(List<String> transactions) {
    if (!transactions.isEmpty()) {
      receipts.dropped(transactions);
      orphans.dropped(transactions);
    }
  }

  private boolean common(Seen seen) {
    Chain chain = parties.chain();
    return chain.block(seen.number).map(Block::hash).filter(seen.hash::equals).isPresent();
  }

  private static Seen below(long number) {
    return QuarkusTransaction.requiringNew()
        .call(
            () -> Seen.<Seen>find("number <= ?1", Sort.descending("number"), number).firstResult());
  }

  /** The chain has left more blocks than are remembered. */
  static final class TooDeep extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooDeep() {
      super(
          "the chain has dropped more blocks than are remembered: start with an empty database,"
              + " or check that opml.chain.rpc-url is still the same chain");
    }
  }
}
