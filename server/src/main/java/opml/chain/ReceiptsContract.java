package opml.chain;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Receipts, their anchors and the escrow behind them: calls to send, views, events. */
public final class ReceiptsContract {
  /**
   * What backs a proposer's receipts; {@code exitAt} is 0 unless an exit is pending or was made.
   */
  public record Escrow(BigInteger amount, long exitAt) {}

  /** Blocks that may have been made in one second. */
  private static final int SAME_SECOND = 64;

  private final Chain chain;
  private final String address;
  private final Abi abi = Contracts.abi("Receipts");

  public ReceiptsContract(Chain chain, String address) {
    this.chain = chain;
    this.address = address;
  }

  public String address() {
    return address;
  }

  /**
   * Refuses a contract that this build did not compile, or that another dispute contract decides
   * for.
   */
  public void requireGenuine(DisputeContract dispute) {
    dispute.requireGenuine();
    Map<String, BigInteger> parameters =
        Contracts.artifact("Receipts").parameters(chain.code(address));
    boolean ours =
        parameters != null
            && DisputeContract.isAddress(parameters.get("DISPUTE"), dispute.address())
            && parameters.get("CLAIM_BOND").equals(dispute.terms().claimBond())
            && Terms.isTime(parameters.get("EXIT_DELAY"), Long.SIZE);
    DisputeContract.require(ours, "Receipts", address);
  }

  public Call deposit(BigInteger wei) {
    return new Call(address, abi.call("deposit"), wei);
  }

  public Call requestExit() {
    return new Call(address, abi.call("requestExit"));
  }

  public Call exit() {
    return new Call(address, abi.call("exit"));
  }

  /** Binds a batch by the root over its receipts' ids, padded with zero leaves. */
  public Call anchor(byte[] root, int count) {
    return new Call(address, abi.call("anchor", root, count));
  }

  /** Challenges a receipt that the proposer signed (65 bytes r, s, v). */
  public Call challenge(
      Receipt receipt,
      byte[] signature,
      Model model,
      byte[] input,
      byte[] output,
      byte[] salt,
      BigInteger bond) {
    List<?> evidence = List.of(signature, new byte[32], 0L, List.of());
    return challenge(receipt, evidence, model, input, output, salt, bond);
  }

  /** Challenges a receipt that the proposer anchored: root, index and branch from the leaf up. */
  public Call challenge(
      Receipt receipt,
      byte[] root,
      long index,
      List<byte[]> branch,
      Model model,
      byte[] input,
      byte[] output,
      byte[] salt,
      BigInteger bond) {
    List<?> evidence = List.of(new byte[0], root, index, branch);
    return challenge(receipt, evidence, model, input, output, salt, bond);
  }

  private Call challenge(
      Receipt receipt,
      List<?> evidence,
      Model model,
      byte[] input,
      byte[] output,
      byte[] salt,
      BigInteger bond) {
    byte[] data =
        abi.call("challenge", receipt.tuple(), evidence, model.tuple(), input, output, salt);
    return new Call(address, data, bond);
  }

  /** Puts the bond of a challenged receipt that was true back into the escrow. */
  public Call reclaim(Receipt receipt) {
    return new Call(address, abi.call("reclaim", receipt.tuple()));
  }

  /** Whether the bond of a challenged receipt is in the escrow again. */
  public boolean isReclaimed(byte[] receiptHash) {
    return (Boolean) view("reclaimed", (Object) receiptHash).getFirst();
  }

  /** The claim that a receipt becomes when it is challenged. */
  public Claim claimFor(Receipt receipt) {
    return Claim.of((List<?>) view("claimFor", receipt.tuple()).getFirst());
  }

  /** The contract's own hash of a receipt. */
  public byte[] hashOf(Receipt receipt) {
    return (byte[]) view("hashOf", receipt.tuple()).getFirst();
  }

  public Escrow escrow(String proposer) {
    List<Object> escrow = view("escrowOf", proposer);
    return new Escrow((BigInteger) escrow.get(0), (Long) escrow.get(1));
  }

  /** Seconds since the epoch when a proposer anchored a root; 0 never. */
  public long anchoredAt(String proposer, byte[] root) {
    return (Long) view("anchoredAt", proposer, root).getFirst();
  }

  /** The transaction by which a proposer anchored a root, if it did. */
  public Optional<Sent> anchoring(String proposer, byte[] root) {
    long time = anchoredAt(proposer, root);
    long head = chain.head();
    long first = time == 0 ? head : firstBlock(time, head);
    return events(first, Math.min(head, first + SAME_SECOND)).stream()
        .filter(event -> event.name().equals("Anchored"))
        .filter(event -> event.address("proposer").equalsIgnoreCase(proposer))
        .filter(event -> Arrays.equals(event.bytes("root"), root))
        .findFirst()
        .flatMap(event -> chain.receipt(event.log().transaction()));
  }

  /** The first block that is not older than so many seconds since the epoch. */
  private long firstBlock(long time, long head) {
    long low = 0;
    long high = head;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (chain.blockTime(middle) < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  public long exitDelay() {
    return (Long) view("EXIT_DELAY").getFirst();
  }

  private List<Object> view(String function, Object... arguments) {
    return abi.result(function, chain.call(null, new Call(address, abi.call(function, arguments))));
  }

  /** Events of blocks first..last. */
  public List<ChainEvent> events(long first, long last) {
    return chain.logs(first, last, List.of(address), List.of()).stream()
        .map(abi::event)
        .filter(Objects::nonNull)
        .toList();
  }

  /** The events of this contract among the logs of a transaction. */
  public List<ChainEvent> events(Sent sent) {
    return sent.logs().stream()
        .filter(log -> log.address().equalsIgnoreCase(address))
        .map(abi::event)
        .filter(Objects::nonNull)
        .toList();
  }
}
