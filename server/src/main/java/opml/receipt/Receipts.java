package opml.receipt;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import opml.commitment.Keccak;
import opml.dispute.Answered;
import opml.event.Feed;
import opml.http.Hex;
import opml.http.Problem;
import opml.model.Halts;
import opml.model.Model;
import opml.outbox.Deployed;
import opml.outbox.Parties;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes and finds receipts. */
@ApplicationScoped
public class Receipts {
  private final Parties parties;
  private final Halts halts;
  private final Feed feed;
  private final Clock clock;
  private final Timer timer;
  private final Duration window;

  Receipts(
      Parties parties,
      Halts halts,
      Feed feed,
      Clock clock,
      MeterRegistry meters,
      @ConfigProperty(name = "opml.receipt.window") Duration window) {
    this.parties = parties;
    this.halts = halts;
    this.feed = feed;
    this.clock = clock;
    timer = meters.timer("opml.receipt");
    this.window = window;
  }

  /**
   * Signs a statement about an answer, in the transaction that stores the answer.
   *
   * @return the receipt's id, 32 bytes
   */
  @Transactional(Transactional.TxType.MANDATORY)
  public byte[] issue(UUID promptId, Model model, byte[] input, byte[] output, long operators) {
    return timer.record(() -> make(promptId, model, input, output, operators));
  }

  private byte[] make(UUID promptId, Model model, byte[] input, byte[] output, long operators) {
    halts.refuse(model); // another slot's audit may have found something meanwhile
    Instant now = Instant.now(clock);
    opml.chain.Receipt says =
        new opml.chain.Receipt(
            model.id(),
            Keccak.hash(input),
            Keccak.hash(output),
            new Answered(operators, output).h(),
            now.plus(window).getEpochSecond(),
            parties.proposer().address());
    byte[] id = says.id();
    Receipt earlier = Receipt.findById(id);
    if (earlier != null) {
      return id; // the same question within the same second: one receipt answers both
    }
    Receipt receipt = new Receipt();
    receipt.id = id;
    receipt.promptId = promptId;
    receipt.model = model.name();
    receipt.modelId = says.modelId();
    receipt.input = input;
    receipt.output = output;
    receipt.inputHash = says.inputHash();
    receipt.outputHash = says.outputHash();
    receipt.h = says.h();
    receipt.deadline = says.deadline();
    receipt.proposer = Hex.bytes(says.proposer());
    receipt.signature = parties.proposer().sign(digest(says));
    receipt.status = Receipt.Status.GENERATED;
    receipt.operators = operators;
    receipt.createdAt = now;
    receipt.persist();
    tell(id, Receipt.Status.GENERATED);
    return id;
  }

  /** The receipt, or a problem of status 404. */
  public ReceiptView find(byte[] id) {
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              Receipt row = Receipt.findById(id);
              if (row == null) {
                throw Problem.unknown("receipt", Hex.of(id));
              }
              return view(row);
            });
  }

  private byte[] digest(opml.chain.Receipt says) {
    Deployed at = parties.deployment();
    return says.digest(at.chainId(), at.contracts().receipts());
  }

  void tell(byte[] id, Receipt.Status status) {
    feed.tell("receipt", "{\"id\":\"" + Hex.of(id) + "\",\"status\":\"" + status + "\"}");
  }

  /** Somebody doubts the receipt: {@code claimId} is its claim. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void challenged(byte[] id, byte[] claimId) {
    Receipt row = Receipt.findById(id);
    if (row != null) {
      row.claimId = claimId;
      row.status = Receipt.Status.CHALLENGED;
      tell(id, row.status);
    }
  }

  /** The receipt's claim came to its end. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void judged(byte[] id, boolean upheld) {
    Receipt row = Receipt.findById(id);
    if (row != null) {
      row.status = upheld ? Receipt.Status.UPHELD : Receipt.Status.OVERTURNED;
      tell(id, row.status);
    }
  }

  /** The chain has dropped these transactions: what they bound is bound again. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void dropped(List<String> transactions) {
    loosen(Anchor.list("transactionHash in ?1", transactions));
  }

  /** The same, and of all blocks above {@code kept}, whoever's transactions they held. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void dropped(List<String> transactions, long kept) {
    loosen(Anchor.list("transactionHash in ?1 or block > ?2", transactions, kept));
    // a bond's way back, or the end of its claim, may have stood there: the chain is asked again
    Receipt.update("bondDecided = false where bondDecided and claimId is not null");
  }

  private static void loosen(List<Anchor> anchors) {
    for (Anchor anchor : anchors) {
      anchor.transactionHash = null;
      anchor.block = null;
      anchor.anchoredAt = null;
      Receipt.update(
          "status = ?1 where anchorRoot = ?2 and status in (?3, ?4)",
          Receipt.Status.GENERATED,
          anchor.root,
          Receipt.Status.ANCHORED,
          Receipt.Status.FINAL);
    }
  }

  static ReceiptView view(Receipt row) {
    Anchor anchor = row.anchorRoot == null ? null : Anchor.findById(row.anchorRoot);
    return ReceiptView.of(row, anchor, games(row.claimId));
  }

  private static List<String> games(byte[] claim) {
    if (claim == null) {
      return List.of();
    }
    return Receipt.getEntityManager()
        .createNativeQuery(
            "select id from game where claim_id = ?1 order by sequence", byte[].class)
        .setParameter(1, claim)
        .getResultStream()
        .map(id -> Hex.of((byte[]) id))
        .toList();
  }
}
