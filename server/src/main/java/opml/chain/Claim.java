package opml.chain;

import java.util.List;
import opml.commitment.Keccak;

/**
 * The statement s(64^h * 2^24) = EXIT(output) and who answers for it (protocol section 10).
 *
 * @param modelId 32 bytes
 * @param inputHash keccak of the input bytes
 * @param outputHash keccak of the output bytes
 * @param h exponent of the index, 1 to 4
 * @param proposer who asserts and defends
 * @param source who made the claim: the proposer, the oracle or the receipts contract
 * @param salt 32 bytes, chosen by the source
 */
public record Claim(
    byte[] modelId,
    byte[] inputHash,
    byte[] outputHash,
    int h,
    String proposer,
    String source,
    byte[] salt) {

  /** log2 of the steps from s(0) to the claimed state. */
  public int width() {
    return 6 * h + 24;
  }

  public byte[] id() {
    AbiType tuple = Contracts.abi("Dispute").function("create").inputs().getFirst();
    return Keccak.hash(AbiCodec.encode(List.of(tuple), List.of(tuple())));
  }

  List<?> tuple() {
    return List.of(modelId, inputHash, outputHash, h, proposer, source, salt);
  }

  static Claim of(List<?> tuple) {
    return new Claim(
        (byte[]) tuple.get(0),
        (byte[]) tuple.get(1),
        (byte[]) tuple.get(2),
        ((Long) tuple.get(3)).intValue(),
        (String) tuple.get(4),
        (String) tuple.get(5),
        (byte[]) tuple.get(6));
  }
}
