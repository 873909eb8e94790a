package opml.oracle;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import opml.chain.OracleRequest;
import opml.event.Feed;
import opml.http.Hex;
import opml.http.Json;

/** Keeps requests as the chain tells them. */
@ApplicationScoped
public class Requests {
  private final Feed feed;

  Requests(Feed feed) {
    this.feed = feed;
  }

  /** Somebody asked. Seen twice, it is stored once. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void made(OracleRequest request, byte[] input, String transaction, Instant at) {
    byte[] id = request.id();
    if (RequestRecord.findById(id) != null) {
      return;
    }
    RequestRecord row = new RequestRecord();
    row.id = id;
    row.request = request.encoded();
    row.input = input;
    row.modelId = request.modelId();
    row.proposer = request.proposer().toLowerCase(Locale.ROOT);
    row.status = RequestRecord.Status.OPEN;
    row.expiry = request.expiry();
    row.transactionHash = transaction;
    row.requestedAt = at;
    row.persist();
    tell(row);
  }

  /** Somebody claimed; returns the input bytes, or null of a request never seen. */
  @Transactional(Transactional.TxType.MANDATORY)
  public byte[] claimed(byte[] id, byte[] claimId) {
    RequestRecord row = RequestRecord.findById(id);
    if (row == null) {
      return null;
    }
    if (row.status == RequestRecord.Status.OPEN) {
      row.status = RequestRecord.Status.CLAIMED;
      row.claimId = claimId;
      tell(row);
    }
    return row.input;
  }

  /** It is not answered here. */
  @Transactional(Transactional.TxType.MANDATORY)
  void declined(byte[] id, String why) {
    RequestRecord row = RequestRecord.findById(id);
    if (row != null) { // its block may have been dropped
      row.error = why;
      tell(row);
    }
  }

  /** Answered for good, or refunded. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void ended(byte[] id, boolean answered) {
    RequestRecord row = RequestRecord.findById(id);
    if (row != null) {
      row.status = answered ? RequestRecord.Status.FINAL : RequestRecord.Status.REFUNDED;
      tell(row);
    }
  }

  private void tell(RequestRecord row) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("id", Hex.of(row.id));
    told.put("status", row.status);
    if (row.error != null) {
      told.put("error", row.error);
    }
    feed.tell("request", Json.write(told));
  }
}
