package opml.indexer;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import opml.chain.Chain;
import opml.chain.ChainDown;
import opml.chain.Contracts;
import opml.chain.DisputeContract;
import opml.chain.Terms;
import opml.http.PublicRpc;
import opml.outbox.Parties;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The chain and where our contracts are on it. */
@Path("/api/chain")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "chain")
class ChainResource {
  private final Parties parties;
  private final Indexer indexer;
  private final PublicRpc rpc;

  ChainResource(Parties parties, Indexer indexer, PublicRpc rpc) {
    this.parties = parties;
    this.rpc = rpc;
    this.indexer = indexer;
  }

  /**
   * @param rpcUrl where anybody may ask the chain; null when this server names none
   * @param indexerLag blocks not read yet; -1 before the first look
   * @param proposer account of this server as proposer; null when it is none, as the validator
   */
  record ChainView(
      String chainId,
      String rpcUrl,
      String head,
      Instant headTime,
      long indexerLag,
      Contracts contracts,
      String proposer,
      String validator,
      TermsView terms) {}

  /** Wei as decimal strings, times in seconds. */
  record TermsView(
      String challengeBond,
      String claimBond,
      long window,
      int proposerTime,
      int challengerTime,
      long longest) {}

  @GET
  @Operation(operationId = "showChain", summary = "The chain, our contracts on it and their terms")
  public ChainView show() {
    Chain chain = parties.chain();
    try {
      long head = chain.head();
      Contracts contracts = parties.deployment().contracts();
      Terms terms = new DisputeContract(chain, contracts.dispute()).terms();
      return new ChainView(
          Long.toString(parties.deployment().chainId()),
          rpc.url(),
          Long.toString(head),
          Instant.ofEpochSecond(chain.blockTime(head)),
          indexer.lag(),
          contracts,
          parties.proposerAddress(),
          parties.validatorAddress(),
          view(terms));
    } catch (ChainDown e) {
      throw ChainDown.problem();
    }
  }

  private static TermsView view(Terms terms) {
    return new TermsView(
        terms.challengeBond().toString(),
        terms.claimBond().toString(),
        terms.window(),
        terms.proposerTime(),
        terms.challengerTime(),
        terms.longest());
  }
}
