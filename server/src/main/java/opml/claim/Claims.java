package opml.claim;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import opml.chain.Claim;
import opml.event.Feed;
import opml.http.Hex;
import opml.http.Page;
import opml.http.Problem;
import opml.outbox.Parties;
import opml.receipt.Receipts;

/** Keeps what the chain and the replay say about claims. */
@ApplicationScoped
public class Claims {
  private static final String UNJUDGED =
      "from ClaimRecord where status = OPEN and verdict is null and input is not null and output is"
          + " not null";

  private static final int SOME = 64; // of up to 96 KiB

  private final Parties parties;
  private final Receipts receipts;
  private final Feed feed;

  Claims(Parties parties, Receipts receipts, Feed feed) {
    this.parties = parties;
    this.receipts = receipts;
    this.feed = feed;
  }

  /**
   * A claim with its bytes, where they are known.
   *
   * @param input null before anybody has shown it
   * @param verdict of the own replay; null before
   * @param block in which it was made
   */
  public record Known(
      Claim claim,
      byte[] input,
      byte[] output,
      Verdict verdict,
      long block,
      Instant windowEndsAt) {}

  /** A claim was made. Seen twice, it is stored once. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void created(Claim claim, String transaction, long block, Instant at, Instant windowEnds) {
    byte[] id = claim.id();
    if (ClaimRecord.findById(id) != null) {
      return;
    }
    ClaimRecord row = new ClaimRecord();
    row.id = id;
    row.kind = kind(claim.source());
    row.modelId = claim.modelId();
    row.inputHash = claim.inputHash();
    row.outputHash = claim.outputHash();
    row.h = claim.h();
    row.proposer = claim.proposer().toLowerCase(Locale.ROOT);
    row.source = claim.source().toLowerCase(Locale.ROOT);
    row.salt = claim.salt();
    row.status = ClaimRecord.Status.OPEN;
    row.transactionHash = transaction;
    row.block = block;
    row.claimedAt = at;
    row.windowEndsAt = windowEnds;
    row.persist();
    if (row.kind == ClaimRecord.Kind.RECEIPT) {
      receipts.challenged(row.salt, id);
    }
    tell(row);
  }

  private ClaimRecord.Kind kind(String source) {
    if (source.equalsIgnoreCase(parties.deployment().contracts().oracle())) {
      return ClaimRecord.Kind.ORACLE;
    }
    return source.equalsIgnoreCase(parties.deployment().contracts().receipts())
        ? ClaimRecord.Kind.RECEIPT
        : ClaimRecord.Kind.DIRECT;
  }

  /** The bytes behind a claim became public; the chain has checked them. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void bytes(byte[] id, byte[] input, byte[] output) {
    ClaimRecord row = ClaimRecord.findById(id);
    if (row != null) {
      row.input = input == null ? row.input : input;
      row.output = output == null ? row.output : output;
      row.tokens = Told.tokens(row.input, row.output);
    }
  }

  /** A claim came to its end. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void ended(byte[] id, boolean survived) {
    ClaimRecord row = ClaimRecord.findById(id);
    if (row == null) {
      return;
    }
    row.status = survived ? ClaimRecord.Status.SURVIVED : ClaimRecord.Status.DEFEATED;
    if (row.kind == ClaimRecord.Kind.RECEIPT) {
      receipts.judged(row.salt, survived);
    }
    tell(row);
  }

  /** Keeps what the own replay says. */
  public void judge(byte[] id, Verdict verdict, byte[] ownOutput) {
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              ClaimRecord row = ClaimRecord.findById(id);
              if (row == null) {
                return; // its block was dropped meanwhile
              }
              row.verdict = verdict;
              row.ownOutput = verdict == Verdict.DIFFERS ? ownOutput : null;
              tell(row);
            });
  }

  /** The claim, or empty when the indexer has not seen it. */
  public Optional<Known> known(byte[] id) {
    // Joins: the indexer stores a claim and its first game in one transaction.
    return QuarkusTransaction.joiningExisting()
        .call(() -> ClaimRecord.<ClaimRecord>findByIdOptional(id).map(Claims::known));
  }

  /**
   * A claim that nobody here has replayed yet, without its bytes: there may be very many.
   *
   * @param tokens that it says it took, no more than its input allows
   */
  public record Unjudged(
      byte[] id, byte[] modelId, byte[] inputHash, Long tokens, Instant windowEndsAt) {}

  /** Open claims with known bytes that nobody here has replayed yet. */
  public List<Unjudged> unjudged() {
    count();
    String columns = "select id, modelId, inputHash, tokens, windowEndsAt ";
    String counted = " and tokens is not null order by sequence";
    return QuarkusTransaction.requiringNew()
        .call(
            () ->
                ClaimRecord.getEntityManager()
                    .createQuery(columns + UNJUDGED + counted, Unjudged.class)
                    .getResultList());
  }

  /** Notes the tokens of claims that an earlier version stored without, a few at a time. */
  private static void count() {
    int counted;
    do {
      counted = QuarkusTransaction.requiringNew().call(Claims::countSome);
    } while (counted == SOME);
  }

  private static int countSome() {
    List<ClaimRecord> rows =
        ClaimRecord.<ClaimRecord>find(UNJUDGED + " and tokens is null").page(0, SOME).list();
    rows.forEach(row -> row.tokens = Told.tokens(row.input, row.output));
    return rows.size();
  }

  /** A verdict that says nothing about the claim is taken back while its window is open. */
  public void reconsider(Verdict verdict, byte[] modelId, Instant now) {
    QuarkusTransaction.requiringNew()
        .run(
            () ->
                ClaimRecord.update(
                    "verdict = null where modelId = ?1 and status = ?2 and windowEndsAt > ?3"
                        + " and verdict = ?4",
                    modelId,
                    ClaimRecord.Status.OPEN,
                    now,
                    verdict));
  }

  /** Whether its proposer has made a claim, and no stranger who names him. */
  public boolean isOwn(byte[] id) {
    return QuarkusTransaction.requiringNew()
        .call(
            () ->
                ClaimRecord.count(
                        "id = ?1 and (kind <> ?2 or source = proposer)",
                        id,
                        ClaimRecord.Kind.DIRECT)
                    == 1);
  }

  /** Whether the own replay has found a claim false. */
  public boolean differs(byte[] id) {
    return QuarkusTransaction.requiringNew()
        .call(() -> ClaimRecord.count("id = ?1 and verdict = ?2", id, Verdict.DIFFERS) == 1);
  }

  /** Claims that the own replay has found false and against which games can be opened. */
  public List<byte[]> differing(Instant now) {
    String ids = "select id from ClaimRecord where status = OPEN and verdict = DIFFERS";
    String fightable = " and windowEndsAt > ?1 and input is not null and output is not null";
    return QuarkusTransaction.requiringNew()
        .call(
            () ->
                ClaimRecord.getEntityManager()
                    .createQuery(ids + fightable + " order by windowEndsAt", byte[].class)
                    .setParameter(1, now)
                    .getResultList());
  }

  /** One of them with its bytes; empty when it is none any more. */
  public Optional<Known> unjudged(byte[] id) {
    return QuarkusTransaction.requiringNew()
        .call(
            () ->
                ClaimRecord.<ClaimRecord>find(UNJUDGED + " and id = ?1", id)
                    .firstResultOptional()
                    .map(Claims::known));
  }

  private static Known known(ClaimRecord row) {
    return new Known(row.claim(), row.input, row.output, row.verdict, row.block, row.windowEndsAt);
  }

  ClaimView find(byte[] id) {
    ClaimRecord row = ClaimRecord.findById(id);
    if (row == null) {
      throw Problem.unknown("claim", Hex.of(id));
    }
    return ClaimView.of(row, games(row.id));
  }

  /** Newest first. */
  Page<ClaimView> list(Page.Range range) {
    List<ClaimRecord> rows =
        ClaimRecord.<ClaimRecord>find("sequence < ?1", Sort.descending("sequence"), range.before())
            .page(0, range.limit() + 1)
            .list();
    return Page.of(rows, range, c -> c.sequence, c -> ClaimView.of(c, games(c.id)));
  }

  private static List<String> games(byte[] claim) {
    return ClaimRecord.getEntityManager()
        .createNativeQuery(
            "select id from game where claim_id = ?1 order by sequence", byte[].class)
        .setParameter(1, claim)
        .getResultStream()
        .map(id -> Hex.of((byte[]) id))
        .toList();
  }

  private void tell(ClaimRecord row) {
    feed.tell("claim", "{\"id\":\"" + Hex.of(row.id) + "\",\"status\":\"" + row.status + "\"}");
  }
}
