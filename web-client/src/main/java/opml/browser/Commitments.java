package opml.browser;

import opml.commitment.Keccak;

/**
 * Content hashes that bind an answer to a model and to an anchored batch: protocol section 7 and
 * the EIP-712 receipt.
 */
final class Commitments {
  private static final String RECEIPT =
      "Receipt(bytes32 modelId,bytes32 inputHash,bytes32 outputHash,uint8 h,uint64 deadline,address proposer)";

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
    byte[] type = new byte[RECEIPT.length()];
    ascii(RECEIPT, type, 0);
    byte[] words = new byte[7 * 32];
    System.arraycopy(Keccak.hash(type), 0, words, 0, 32);
    System.arraycopy(parts, 0, words, 32, 96);
    words[5 * 32 - 1] = parts[96];
    System.arraycopy(parts, 97, words, 6 * 32 - 8, 8);
    System.arraycopy(parts, 105, words, 7 * 32 - 20, 20);
    return Keccak.hash(words);
  }

  private static void ascii(String text, byte[] out, int at) {
    for (int i = 0; i < text.length(); i++) {
      out[at + i] = (byte) text.charAt(i);
    }
  }
}
