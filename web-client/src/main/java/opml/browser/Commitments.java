package opml.browser;

import opml.commitment.Keccak;

/**
 * Content hashes that bind an answer to a model and to an anchored batch: protocol section 7 and
 * the EIP-712 receipt.
 */
final class Commitments {
  private static final String RECEIPT =
      "Receipt(bytes32 modelId,bytes32 inputHash,bytes32 outputHash,uint8 h,uint64 deadline,address"
          + " proposer)";

  private static final String DOMAIN =
      "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
  private static final int RECEIPT_BYTES = 125;

  private Commitments() {}

  /** From {@code verifier:20 | G:6 | CODE root:32 | WEIGHTS root:32}. */
  static byte[] modelId(byte[] parts) {
    byte[] preimage = new byte[8 + 90];
    ascii("OPML", preimage, 0);
    preimage[7] = 1;
    System.arraycopy(parts, 0, preimage, 8, 90);
    return Keccak.hash(preimage);
  }

  /**
   * EIP-712 struct hash from {@code modelId:32 | inputHash:32 | outputHash:32 | h:1 | deadline:8 |
   * proposer:20}.
   */
  static byte[] receipt(byte[] parts) {
    byte[] words = new byte[7 * 32];
    System.arraycopy(hash(RECEIPT), 0, words, 0, 32);
    System.arraycopy(parts, 0, words, 32, 96);
    words[5 * 32 - 1] = parts[96];
    System.arraycopy(parts, 97, words, 6 * 32 - 8, 8);
    System.arraycopy(parts, 105, words, 7 * 32 - 20, 20);
    return Keccak.hash(words);
  }

  /**
   * EIP-712 digest, which the proposer signs, from the receipt's 125 bytes, {@code chainId:32} and
   * the address of the receipts contract, 20 bytes.
   */
  static byte[] digest(byte[] parts) {
    byte[] domain = new byte[5 * 32];
    System.arraycopy(hash(DOMAIN), 0, domain, 0, 32);
    System.arraycopy(hash("opML"), 0, domain, 32, 32);
    System.arraycopy(hash("1"), 0, domain, 64, 32);
    System.arraycopy(parts, RECEIPT_BYTES, domain, 96, 32);
    System.arraycopy(parts, RECEIPT_BYTES + 32, domain, 5 * 32 - 20, 20);
    byte[] signed = new byte[66];
    signed[0] = 0x19;
    signed[1] = 1;
    System.arraycopy(Keccak.hash(domain), 0, signed, 2, 32);
    System.arraycopy(receipt(parts), 0, signed, 34, 32);
    return Keccak.hash(signed);
  }

  /**
   * Id of the claim that a challenged receipt becomes (protocol section 10), from the receipt's 125
   * bytes and the address of the receipts contract, 20 bytes.
   */
  static byte[] claimId(byte[] parts) {
    byte[] words = new byte[7 * 32];
    System.arraycopy(parts, 0, words, 0, 96);
    words[4 * 32 - 1] = parts[96];
    System.arraycopy(parts, 105, words, 5 * 32 - 20, 20);
    System.arraycopy(parts, RECEIPT_BYTES, words, 6 * 32 - 20, 20);
    System.arraycopy(receipt(parts), 0, words, 6 * 32, 32);
    return Keccak.hash(words);
  }

  private static byte[] hash(String text) {
    byte[] bytes = new byte[text.length()];
    ascii(text, bytes, 0);
    return Keccak.hash(bytes);
  }

  private static void ascii(String text, byte[] out, int at) {
    for (int i = 0; i < text.length(); i++) {
      out[at + i] = (byte) text.charAt(i);
    }
  }
}
