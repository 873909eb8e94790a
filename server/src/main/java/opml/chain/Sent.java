package opml.chain;

import java.util.List;

/**
 * A mined transaction.
 *
 * @param gas used, as charged
 * @param succeeded false when it was reverted on chain
 * @param created address of the contract that it created, or null
 * @param milliseconds from the call to the receipt
 */
public record Sent(
    String key,
    String transaction,
    long block,
    long gas,
    boolean succeeded,
    String created,
    List<Log> logs,
    long milliseconds) {
  Sent timed(String what, long millis) {
    return new Sent(what, transaction, block, gas, succeeded, created, logs, millis);
  }
}
