package opml.dispute;

import java.util.List;
import opml.game.Position;

/**
 * One move that a player made, for the record.
 *
 * @param round 1 for the first reveal and pick
 * @param by proposer or challenger
 * @param kind open, reveal, pick, prove or timeout
 * @param before the position it answers; null for open
 * @param segment picked segment, or -1
 * @param states states revealed now, or answered by a pick
 * @param own what the player's trace says at the same indices, to the first that differs
 * @param bytes call data of the transaction
 * @param gas as charged
 * @param milliseconds from reading the position to the receipt
 * @param thinking the part of it before the transaction was handed over
 * @param reason why, in words
 */
public record Played(
    int round,
    String by,
    String kind,
    byte[] gameId,
    Position before,
    int segment,
    List<byte[]> states,
    List<byte[]> own,
    int bytes,
    long gas,
    String transaction,
    long milliseconds,
    long thinking,
    String reason) {}
