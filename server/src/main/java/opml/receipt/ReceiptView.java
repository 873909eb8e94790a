package opml.receipt;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import opml.http.Hex;
import opml.request.Answer;

/**
 * A receipt as clients see it: enough to check it without this server.
 *
 * @param status GENERATED, ANCHORED, FINAL, CHALLENGED, UPHELD or OVERTURNED
 * @param operators length of the trace, decimal string
 * @param deadline seconds since the epoch, as it is signed
 * @param signature r, s, v
 * @param windowEndsAt the deadline as a date
 * @param games ids of games about it
 */
public record ReceiptView(
    String id,
    UUID promptId,
    String model,
    String modelId,
    String status,
    String input,
    String output,
    String inputHash,
    String outputHash,
    String text,
    String finishReason,
    int promptTokens,
    int completionTokens,
    String operators,
    int h,
    String deadline,
    String proposer,
    String signature,
    AnchorView anchor,
    Instant windowEndsAt,
    String claimId,
    List<String> games,
    Instant createdAt) {
  /**
   * Where the receipt is bound on chain; there is none before.
   *
   * @param branch siblings from the leaf (the receipt's id) upwards
   */
  public record AnchorView(
      String root,
      List<String> branch,
      int index,
      String transaction,
      String block,
      Instant anchoredAt) {}

  static ReceiptView of(Receipt r, Anchor anchor, List<String> games) {
    Answer answer = Answer.decode(r.output);
    return new ReceiptView(
        Hex.of(r.id),
        r.promptId,
        r.model,
        Hex.of(r.modelId),
        r.status.name(),
        Hex.of(r.input),
        Hex.of(r.output),
        Hex.of(r.inputHash),
        Hex.of(r.outputHash),
        answer.text(),
        answer.status().name().toLowerCase(Locale.ROOT),
        answer.promptTokens(),
        answer.completionTokens(),
        Long.toString(r.operators),
        r.h,
        Long.toString(r.deadline),
        Hex.of(r.proposer),
        Hex.of(r.signature),
        anchor == null || !anchor.isBound() ? null : anchor(r, anchor),
        Instant.ofEpochSecond(r.deadline),
        Hex.of(r.claimId),
        games,
        r.createdAt);
  }

  private static AnchorView anchor(Receipt r, Anchor anchor) {
    List<String> branch = new ArrayList<>();
    for (int at = 0; at < r.branch.length; at += 32) {
      branch.add(Hex.of(Arrays.copyOfRange(r.branch, at, at + 32)));
    }
    return new AnchorView(
        Hex.of(anchor.root),
        branch,
        r.leafIndex,
        anchor.transactionHash,
        Long.toString(anchor.block),
        anchor.anchoredAt);
  }
}
