package opml.indexer;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import opml.chain.ChainEvent;
import opml.chain.Contracts;
import opml.chain.DisputeContract;
import opml.chain.GameKey;
import opml.chain.Log;
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

  Recorder(Claims claims, Games games, Requests requests, Parties parties) {
    this.parties = parties;
    this.claims = claims;
    this.games = games;
    this.requests = requests;
  }

  /** An event and the contract that told it. */
  record Told(ChainEvent event, boolean ofOracle) {}

  /** What the logs say, in the order of the chain; logs of other forms are left out. */
  List<Told> decode(List<Log> logs) {
    Contracts at = parties.deployment().contracts();
    DisputeContract dispute = new DisputeContract(parties.chain(), at.dispute());
    OracleContract oracle = new OracleContract(parties.chain(), at.oracle());
    return logs.stream()
        .sorted(Comparator.comparingLong(Log::block).thenComparingInt(Log::index))
        .flatMap(
            log ->
                Stream.of(new Told(dispute.event(log), false), new Told(oracle.event(log), true))
                    .filter(told -> told.event() != null))
        .toList();
  }

  /** Stores what was told, each change under the number of its block. */
  void record(List<Told> told, Blocks blocks) {
    for (Told one : told) {
      store(Long.toString(one.event().log().block()));
      if (one.ofOracle()) {
        oracle(one.event(), blocks);
      } else {
        dispute(one.event(), blocks);
      }
    }
    store("");
  }

  /** Names the block whose changes follow: V6__reorganisations.sql remembers them. */
  private static void store(String block) {
    EntityManager database = Cursor.getEntityManager();
    database.flush(); // what came before belongs to its own block
    database
        .createNativeQuery("select set_config('opml.block', ?1, true)", String.class)
        .setParameter(1, block)
        .getSingleResult();
  }

  private void dispute(ChainEvent event, Blocks blocks) {
    Games.Source source = blocks.source(event);
    switch (event.name()) {
      case "ClaimCreated" ->
          claims.created(
              DisputeContract.created(event),
              source.transaction(),
              source.block(),
              source.at(),
              Instant.ofEpochSecond(event.number("endsAt")));
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
      case "Settled" -> games.settled(event.bytes("gameId"));
      case "Collected" -> games.collected(event.bytes("claimId"));
      default -> {
        // money and delegates: read from the chain when asked for
      }
    }
  }

  private void oracle(ChainEvent event, Blocks blocks) {
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
}
