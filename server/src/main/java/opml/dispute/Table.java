package opml.dispute;

import java.util.Collection;
import opml.chain.Chain;
import opml.chain.DisputeContract;

/**
 * What players sit at: the dispute contract, and from which block on to read.
 *
 * @param firstBlock no claim of interest is older
 */
public record Table(Chain chain, DisputeContract contract, long firstBlock) {
  /** The games of a claim now. */
  Collection<GameState> games(byte[] claimId) {
    return GameState.of(claimId, contract.events(firstBlock, chain.head(), claimId)).values();
  }

  /** Seconds since the epoch by the newest block: a move's block is not earlier. */
  long now() {
    return chain.blockTime(chain.head());
  }
}
