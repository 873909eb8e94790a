package opml.indexer;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import opml.chain.ChainEvent;
import opml.chain.DisputeContract;
import opml.chain.GameKey;
import opml.chain.OracleContract;
import opml.claim.Claims;
import opml.games.Games;
import opml.oracle.Requests;
import opml.outbox.Parties;

/** Gives each event to the part of the server that keeps it. */
@ApplicationScoped
class Recorder {
  private final Claims claims;
  private final Games games;
  private final Requests requests;
  private final Parties parties;
  private long window = -1; // seconds; fixed at deployment

  Recorder(Claims claims, Games games, Requests requests, Parties parties) {
    this.claims = claims;
    this.games = games;
    this.requests = requests;
    this.parties = parties;
  }

  void dispute(ChainEvent event, Blocks blocks) {
    Games.Source source = blocks.source(event);
    switch (event.name()) {
      case "ClaimCreated" ->
          claims.created(
              DisputeContract.created(event),
              source.transaction(),
              source.block(),
              source.at(),
              source.at().plusSeconds(window()));
      case "ClaimBytes" ->
          claims.bytes(event.bytes("claimId"), event.bytes("input"), event.bytes("output"));
      case "GameOpened" -> {
        byte[] salt = event.bytes("salt");
        GameKey key = new GameKey(event.bytes("claimId"), event.address("challenger"), salt);
        games.opened(key, event.bytes("position"), source);
      }
      case "Revealed" ->
          games.revealed(
              event.bytes("gameId"), event.bytes("position"), event.bytes("states"), source);
      case "Picked" ->
          games.picked(
              event.bytes("gameId"),
              event.bytes("position"),
              (int) event.number("segment"),
              source);
      case "GameEnded" -> {
        int number = (int) event.number("ending");
        DisputeContract.Ending ending = DisputeContract.Ending.values()[number];
        byte[] witness = DisputeContract.witness(blocks.input(event));
        games.ended(event.bytes("gameId"), ending.name(), ending.proposerWon(), witness, source);
      }
      case "ClaimDefeated" -> {
        claims.ended(event.bytes("claimId"), false);
        games.claimDefeated(event.bytes("claimId"), source);
      }
      case "ClaimSurvived" -> claims.ended(event.bytes("claimId"), true);
      default -> {
        // money and delegates: read from the chain when asked for
      }
    }
  }

  void oracle(ChainEvent event, Blocks blocks) {
    Instant at = blocks.source(event).at();
    String transaction = event.log().transaction();
    switch (event.name()) {
      case "Requested" ->
          requests.made(OracleContract.requested(event), event.bytes("input"), transaction, at);
      case "Claimed" -> {
        byte[] input = requests.claimed(event.bytes("requestId"), event.bytes("claimId"));
        claims.bytes(event.bytes("claimId"), input, event.bytes("output"));
      }
      case "Finalized" -> requests.ended(event.bytes("requestId"), true);
      case "Refunded" -> requests.ended(event.bytes("requestId"), false);
      default -> {
        // callbacks and credit: read from the chain when asked for
      }
    }
  }

  private synchronized long window() {
    if (window < 0) {
      String at = parties.deployment().contracts().dispute();
      window = new DisputeContract(parties.chain(), at).terms().window();
    }
    return window;
  }
}
