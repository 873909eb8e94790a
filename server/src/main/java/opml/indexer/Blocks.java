package opml.indexer;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import opml.chain.Chain;
import opml.chain.ChainEvent;
import opml.games.Games;

/** Time, gas and call data of the transactions that events came with; each asked for once. */
final class Blocks {
  private final Chain chain;
  private final Map<String, Games.Source> sources = new HashMap<>();
  private final Map<String, byte[]> inputs = new HashMap<>();

  Blocks(Chain chain) {
    this.chain = chain;
  }

  /** Asks the chain before the database transaction begins. */
  void fetch(ChainEvent event) {
    String transaction = event.log().transaction();
    sources.computeIfAbsent(
        transaction,
        hash -> {
          long gas = chain.receipt(hash).orElseThrow().gas();
          long block = event.log().block();
          return new Games.Source(hash, block, gas, Instant.ofEpochSecond(chain.blockTime(block)));
        });
    if (event.name().equals("GameEnded")) {
      inputs.computeIfAbsent(transaction, chain::input);
    }
  }

  Games.Source source(ChainEvent event) {
    return sources.get(event.log().transaction());
  }

  byte[] input(ChainEvent event) {
    return inputs.get(event.log().transaction());
  }
}
