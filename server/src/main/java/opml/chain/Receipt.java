package opml.chain;

import java.nio.charset.StandardCharsets;
import java.util.List;
import opml.commitment.Keccak;

/**
 * An answer as its proposer signs it (EIP-712, protocol section 15).
 *
 * @param deadline seconds since the epoch; it can be challenged before
 * @param proposer whose escrow answers for it
 */
public record Receipt(
    byte[] modelId, byte[] inputHash, byte[] outputHash, int h, long deadline, String proposer) {
  private static final byte[] TYPE =
      hash(
          "Receipt(bytes32 modelId,bytes32 inputHash,bytes32 outputHash,uint8 h,uint64 deadline,"
              + "address proposer)");
  private static final byte[] DOMAIN_TYPE =
      hash("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

  /** EIP-712 struct hash: the receipt's id, and its leaf in an anchored batch. */
  public byte[] id() {
    AbiType tuple = Contracts.abi("Receipts").function("hashOf").inputs().getFirst();
    byte[] fields = AbiCodec.encode(List.of(tuple), List.of(tuple()));
    return Keccak.hash(joined(TYPE, fields));
  }

  /** What the proposer signs. */
  public byte[] digest(long chainId, String contract) {
    byte[] domain = domain(chainId, contract);
    return Keccak.hash(joined(joined(new byte[] {0x19, 1}, domain), id()));
  }

  private static byte[] domain(long chainId, String contract) {
    byte[] out = new byte[160];
    System.arraycopy(DOMAIN_TYPE, 0, out, 0, 32);
    System.arraycopy(hash("opML"), 0, out, 32, 32);
    System.arraycopy(hash("1"), 0, out, 64, 32);
    for (int i = 0; i < 8; i++) {
      out[127 - i] = (byte) (chainId >>> 8 * i);
    }
    System.arraycopy(Hex.bytes(contract), 0, out, 140, 20);
    return Keccak.hash(out);
  }

  private static byte[] hash(String text) {
    return Keccak.hash(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] joined(byte[] a, byte[] b) {
    byte[] out = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, out, a.length, b.length);
    return out;
  }

  List<?> tuple() {
    return List.of(modelId, inputHash, outputHash, h, deadline, proposer);
  }
}
