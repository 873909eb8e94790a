package opml.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import opml.chain.Account;
import opml.chain.Call;
import opml.chain.Hex;
import opml.chain.Model;
import opml.chain.Receipt;
import opml.chain.ReceiptsContract;
import opml.commitment.Keccak;
import opml.commitment.Merkle;

/**
 * A receipt as a server shows it, of which nothing is believed.
 *
 * @param signature r, s, v; may be anything
 * @param anchor where it is said to be anchored, or null
 */
record ShownReceipt(Receipt receipt, byte[] input, byte[] output, byte[] signature, Anchor anchor) {
  private static final int H_MAX = 4;
  private static final int DEPTH_MAX = 32; // of a batch: its size has 32 bits

  /** A leaf of an anchored batch. */
  record Anchor(byte[] root, long index, List<byte[]> branch) {}

  /**
   * Reads what {@code GET /api/receipts/ID} gives.
   *
   * @throws IllegalStateException when it is not the receipt of this id, or not its bytes
   */
  static ShownReceipt of(String id, JsonNode shown) {
    ShownReceipt read;
    try {
      Receipt receipt =
          new Receipt(
              bytes(shown, "modelId"),
              bytes(shown, "inputHash"),
              bytes(shown, "outputHash"),
              shown.path("h").intValue(),
              Long.parseUnsignedLong(shown.path("deadline").asText()),
              shown.path("proposer").asText());
      read =
          new ShownReceipt(
              receipt,
              bytes(shown, "input"),
              bytes(shown, "output"),
              signature(shown),
              anchor(shown.path("anchor")));
      same(Hex.bytes(id), receipt.id(), "receipt");
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException("the server shows no receipt: " + e.getMessage(), e);
    }
    if (read.receipt.h() < 1 || read.receipt.h() > H_MAX) {
      throw new IllegalStateException("the receipt's h is " + read.receipt.h() + ", not 1 to 4");
    }
    same(read.receipt.inputHash(), Keccak.hash(read.input), "request");
    same(read.receipt.outputHash(), Keccak.hash(read.output), "answer");
    return read;
  }

  private static byte[] signature(JsonNode shown) {
    try {
      return Account.lowest(bytes(shown, "signature"));
    } catch (IllegalArgumentException e) {
      return new byte[0]; // its anchor may bind all the same
    }
  }

  private static void same(byte[] wanted, byte[] found, String what) {
    if (!Arrays.equals(wanted, found)) {
      throw new IllegalStateException("the server shows another " + what + " than it names");
    }
  }

  private static Anchor anchor(JsonNode shown) {
    if (!shown.isObject()) {
      return null;
    }
    List<byte[]> branch = new ArrayList<>();
    shown.path("branch").forEach(node -> branch.add(Hex.bytes(node.asText())));
    long places = (1L << Math.min(branch.size(), DEPTH_MAX)) - 1;
    // the contract takes no index beyond the leaves: what stands above them says nothing
    return new Anchor(bytes(shown, "root"), shown.path("index").longValue() & places, branch);
  }

  private static byte[] bytes(JsonNode shown, String field) {
    return Hex.bytes(shown.path(field).asText());
  }

  boolean isSigned(long chainId, String contract) {
    return Account.signer(receipt.digest(chainId, contract), signature)
        .filter(receipt.proposer()::equalsIgnoreCase)
        .isPresent();
  }

  boolean isAnchored(ReceiptsContract receipts) {
    if (anchor == null
        || anchor.branch.size() > DEPTH_MAX
        || anchor.branch.stream().anyMatch(node -> node.length != 32)) {
      return false;
    }
    byte[] branch = new byte[32 * anchor.branch.size()];
    for (int i = 0; i < anchor.branch.size(); i++) {
      System.arraycopy(anchor.branch.get(i), 0, branch, 32 * i, 32);
    }
    byte[] root = Merkle.climb(receipt.id(), anchor.index, branch, 0, anchor.branch.size());
    return Arrays.equals(root, anchor.root) && receipts.anchoredAt(receipt.proposer(), root) > 0;
  }

  /** Challenges it by its signature, or by its anchor where that is none. */
  Call challenge(
      ReceiptsContract receipts, boolean signed, Model model, byte[] salt, BigInteger bond) {
    return signed
        ? receipts.challenge(receipt, signature, model, input, output, salt, bond)
        : receipts.challenge(
            receipt, anchor.root, anchor.index, anchor.branch, model, input, output, salt, bond);
  }
}
