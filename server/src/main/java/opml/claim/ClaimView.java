package opml.claim;

import java.time.Instant;
import java.util.List;
import opml.http.Hex;

/**
 * A claim as clients see it.
 *
 * @param kind ORACLE, RECEIPT or DIRECT
 * @param status OPEN, SURVIVED or DEFEATED
 * @param verdict what this server's replay says: AGREED, DIFFERS, UNKNOWN_MODEL, FAULTED; null
 *     before
 * @param ownOutput this server's output where it differs; null too where a run faults
 * @param salt of an oracle claim the request id, of a receipt's claim the receipt id
 */
public record ClaimView(
    String id,
    String kind,
    String status,
    String verdict,
    String modelId,
    String inputHash,
    String outputHash,
    String input,
    String output,
    String ownOutput,
    int h,
    String proposer,
    String source,
    String salt,
    String transaction,
    long block,
    Instant claimedAt,
    Instant windowEndsAt,
    List<String> games) {
  static ClaimView of(ClaimRecord c, List<String> games) {
    return new ClaimView(
        Hex.of(c.id),
        c.kind.name(),
        c.status.name(),
        c.verdict == null ? null : c.verdict.name(),
        Hex.of(c.modelId),
        Hex.of(c.inputHash),
        Hex.of(c.outputHash),
        Hex.of(c.input),
        Hex.of(c.output),
        Hex.of(c.ownOutput),
        c.h,
        c.proposer,
        c.source,
        Hex.of(c.salt),
        c.transactionHash,
        c.block,
        c.claimedAt,
        c.windowEndsAt,
        games);
  }
}
