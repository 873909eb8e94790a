package opml.dispute;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import opml.chain.Chain;
import opml.chain.ChainDown;
import opml.chain.ChainEvent;
import opml.chain.DisputeContract;
import opml.chain.Hex;

/**
 * What players sit at: the dispute contract as one endpoint tells of it. Events below the newest
 * blocks are read once; the hash of the last of them shows whether they still stand.
 */
public final class Table {
  /** Blocks at the head that are read again each time. */
  private static final int FRESH = 12;

  private final Chain chain;
  private final DisputeContract contract;
  private final long firstBlock;
  private final Map<String, Settled> settled = new HashMap<>();

  /** Events of blocks before {@code next}, and the hash of the last of these blocks. */
  private record Settled(long next, String hash, List<ChainEvent> events) {}

  /**
   * A table.
   *
   * @param firstBlock no claim of interest is older
   */
  public Table(Chain chain, DisputeContract contract, long firstBlock) {
    this.chain = chain;
    this.contract = contract;
    this.firstBlock = firstBlock;
  }

  DisputeContract contract() {
    return contract;
  }

  /**
   * The games of a claim now.
   *
   * @throws ChainDown where the endpoint's events do not hash to the positions they lead to
   */
  Collection<GameState> games(byte[] claimId) {
    return GameState.of(claimId, events(claimId)).values();
  }

  private synchronized List<ChainEvent> events(byte[] claimId) {
    long head = chain.head();
    String id = Hex.of(claimId);
    Settled old = settled.get(id);
    if (old != null && (head < old.next - 1 || !chain.blockHash(old.next - 1).equals(old.hash))) {
      settled.remove(id); // a reorganisation deeper than what is read again
      old = null;
    }
    long next = old == null ? firstBlock : old.next;
    List<ChainEvent> events = new ArrayList<>(old == null ? List.of() : old.events);
    events.addAll(contract.events(next, head, claimId));
    long end = head - FRESH + 1;
    if (end > next) {
      List<ChainEvent> kept = events.stream().filter(event -> event.log().block() < end).toList();
      settled.put(id, new Settled(end, chain.blockHash(end - 1), kept));
    }
    return events;
  }

  /** Seconds since the epoch by the newest block: a move's block is not earlier. */
  long now() {
    return chain.blockTime(chain.head());
  }
}
