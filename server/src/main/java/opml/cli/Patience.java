package opml.cli;

import java.time.Duration;

/**
 * How long a server is waited for.
 *
 * @param silence between two bytes of a body
 * @param json an answer from the database, its bytes included
 * @param replay bytes for which it may have to replay a claim, while it is busy included
 * @param prompt an answer of the model, all its streams and the queue before it included
 */
record Patience(Duration silence, Duration json, Duration replay, Duration prompt) {
  /**
   * Our servers send a ping every ten seconds where they wait, so that three are missed. A queue
   * has no end that a client could know, so that there is a day.
   */
  static final Patience STANDARD =
      new Patience(
          Duration.ofSeconds(35),
          Duration.ofMinutes(2),
          Duration.ofMinutes(15),
          Duration.ofDays(1));
}
