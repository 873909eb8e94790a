package opml.chain;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import opml.commitment.Keccak;

/** The oracle: calls to send, views, events. */
public final class OracleContract {
  /** Life of a request. */
  public enum Phase {
    NONE,
    OPEN,
    FINAL,
    REFUNDED
  }

  /** State of a request; {@code outputHash} is zero before the answer is final. */
  public record Answer(
      Phase phase, boolean claimed, boolean called, boolean succeeded, byte[] outputHash) {}

  private final Chain chain;
  private final String address;
  private final Abi abi = Contracts.abi("Oracle");

  public OracleContract(Chain chain, String address) {
    this.chain = chain;
    this.address = address;
  }

  public String address() {
    return address;
  }

  public Call request(OracleRequest request, Model model, byte[] input) {
    byte[] data = abi.call("request", request.tuple(), model.tuple(), input);
    return new Call(address, data, request.fee());
  }

  /** Announces a claim that is made after the exclusive period. */
  public Call commit(byte[] commitment) {
    return new Call(address, abi.call("commit", (Object) commitment));
  }

  /** What {@link #commit} announces. */
  public static byte[] commitment(
      byte[] requestId, String proposer, byte[] outputHash, byte[] nonce) {
    byte[] packed = new byte[128];
    System.arraycopy(requestId, 0, packed, 0, 32);
    System.arraycopy(Hex.bytes(proposer), 0, packed, 44, 20);
    System.arraycopy(outputHash, 0, packed, 64, 32);
    System.arraycopy(nonce, 0, packed, 96, 32);
    return Keccak.hash(packed);
  }

  public Call claim(OracleRequest request, byte[] output, byte[] nonce, BigInteger bond) {
    return new Call(address, abi.call("claim", request.tuple(), output, nonce), bond);
  }

  public Call finalize(OracleRequest request, String proposer, byte[] output) {
    return new Call(address, abi.call("finalize", request.tuple(), proposer, output));
  }

  public Call refund(OracleRequest request) {
    return new Call(address, abi.call("refund", request.tuple()));
  }

  public Call withdraw() {
    return new Call(address, abi.call("withdraw"));
  }

  /** The claim that a proposer makes for a request with an output. */
  public Claim claimFor(OracleRequest request, String proposer, byte[] outputHash) {
    return Claim.of((List<?>) view("claimFor", request.tuple(), proposer, outputHash).getFirst());
  }

  public Answer answer(byte[] requestId) {
    List<Object> answer = view("answerOf", (Object) requestId);
    return new Answer(
        Phase.values()[((Long) answer.get(0)).intValue()],
        (Boolean) answer.get(1),
        (Boolean) answer.get(2),
        (Boolean) answer.get(3),
        (byte[]) answer.get(4));
  }

  public BigInteger owed(String account) {
    return (BigInteger) view("owed", account).getFirst();
  }

  /** Seconds between a commitment and its claim. */
  public long commitDelay() {
    return (Long) view("COMMIT_DELAY").getFirst();
  }

  /** Seconds after expiry when a request whose claims all failed is refunded. */
  public long refundDelay() {
    return ((BigInteger) view("REFUND_DELAY").getFirst()).longValueExact();
  }

  private List<Object> view(String function, Object... arguments) {
    return abi.result(function, chain.call(null, new Call(address, abi.call(function, arguments))));
  }

  /** The event of a log, or null of another contract or form. */
  public ChainEvent event(Log log) {
    return log.address().equalsIgnoreCase(address) ? abi.event(log) : null;
  }

  /** Events of blocks first..last: of one request, or of all when {@code requestId} is null. */
  public List<ChainEvent> events(long first, long last, byte[] requestId) {
    List<byte[]> topics = requestId == null ? List.of() : Arrays.asList(null, requestId);
    return chain.logs(first, last, List.of(address), topics).stream()
        .map(abi::event)
        .filter(Objects::nonNull)
        .toList();
  }

  /** The request of a Requested event; its input bytes are the field {@code input}. */
  public static OracleRequest requested(ChainEvent event) {
    return OracleRequest.of((List<?>) event.fields().get("request"));
  }

  /** The claim of a Claimed event; its output bytes are the field {@code output}. */
  public static Claim claimed(ChainEvent event) {
    return Claim.of((List<?>) event.fields().get("claim"));
  }
}
