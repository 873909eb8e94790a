package opml.dispute;

import java.util.function.LongConsumer;
import opml.chain.Chain;
import opml.chain.Contracts;
import opml.chain.DisputeContract;
import opml.chain.OracleContract;
import opml.chain.Outbox;

/**
 * A chain with our contracts and three accounts with ether: everything a demonstration needs.
 *
 * @param pass lets seconds pass on the chain
 */
public record Stage(
    Chain chain,
    Contracts contracts,
    Outbox requester,
    Outbox proposer,
    Outbox challenger,
    LongConsumer pass) {
  DisputeContract dispute() {
    return new DisputeContract(chain, contracts.dispute());
  }

  OracleContract oracle() {
    return new OracleContract(chain, contracts.oracle());
  }
}
