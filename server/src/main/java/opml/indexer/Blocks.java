package opml.indexer;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import opml.chain.Block;
import opml.chain.Chain;
import opml.chain.ChainDown;
import opml.chain.ChainEvent;
import opml.games.Games;

/** Time, gas and call data of the transactions that events came with; each asked for once. */
final class Blocks {
  private final Chain chain;
  private final Map<Long, Instant> times = new HashMap<>();
  private final Map<String, Games.Source> sources = new HashMap<>();
  private final Map<String, byte[]> inputs = new HashMap<>();

  Blocks(Chain chain) {
    this.chain = chain;
  }

  /** Keeps what is known of a block already. */
  void know(Block block) {
    times.put(block.number(), Instant.ofEpochSecond(block.time()));
  }

  /**
   * Asks the chain before the database transaction begins.
   *
   * @throws ChainDown when the chain has dropped the transaction since
   */
  void fetch(ChainEvent event) {
    String transaction = event.log().transaction();
    sources.computeIfAbsent(transaction, hash -> source(hash, event.log().block()));
    if (event.name().equals("GameEnded")) {
      inputs.computeIfAbsent(transaction, chain::input);
    }
  }

  private Games.Source source(String hash, long block) {
    long gas =
        chain
            .receipt(hash)
            .filter(sent -> sent.block() == block)
            .orElseThrow(() -> new ChainDown(hash + " left block " + block, null))
            .gas();
    Instant at =
        times.computeIfAbsent(block, number -> Instant.ofEpochSecond(chain.blockTime(number)));
    return new Games.Source(hash, block, gas, at);
  }

  Games.Source source(ChainEvent event) {
    return sources.get(event.log().transaction());
  }

  byte[] input(ChainEvent event) {
    return inputs.get(event.log().transaction());
  }
}
