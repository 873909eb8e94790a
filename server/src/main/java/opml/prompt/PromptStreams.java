package opml.prompt;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import opml.http.Problem;

/** Text of prompts as it is written; what is not written here now comes from the database. */
@ApplicationScoped
public class PromptStreams {
  private static final long POLL_MILLIS = 300;

  private final Map<UUID, Live> live = new ConcurrentHashMap<>();

  /** Takes text out of the stream as it comes. */
  public interface Reader {
    /**
     * The next piece of the answer.
     *
     * @param characters length of the answer up to and with {@code text}
     */
    void text(String text, int characters) throws Exception;

    /** Called about every ten seconds while nothing else happens, and when the status changes. */
    void idle(String status) throws Exception;
  }

  Live open(UUID id) {
    return live.computeIfAbsent(id, any -> new Live());
  }

  void close(UUID id) {
    Live ended = live.remove(id);
    if (ended != null) {
      ended.end();
    }
  }

  void cancel(UUID id) {
    Live running = live.get(id);
    if (running != null) {
      running.cancel();
      running.end();
    }
  }

  /**
   * Feeds {@code reader} from character {@code seen} on, until the prompt ends.
   *
   * @return the prompt at its end
   */
  public PromptView follow(UUID id, int seen, Reader reader) throws Exception {
    String status = null;
    long quietSince = System.nanoTime();
    while (true) {
      Live writing = live.get(id);
      PromptView now = read(id);
      if (!now.status().equals(status)) {
        status = now.status();
        reader.idle(status);
      }
      boolean over = !status.equals("QUEUED") && !status.equals("RUNNING");
      if (over) {
        if (now.text() != null && seen < now.text().length()) {
          reader.text(now.text().substring(seen), now.text().length());
        }
        return now;
      }
      seen = tail(writing, seen, reader);
      if (System.nanoTime() - quietSince > 10_000_000_000L) {
        quietSince = System.nanoTime();
        reader.idle(status);
      }
    }
  }

  /** Reads for a while from memory; returns the characters seen. */
  private static int tail(Live writing, int seen, Reader reader) throws Exception {
    if (writing == null) {
      Thread.sleep(POLL_MILLIS);
      return seen;
    }
    Live.Rest rest = writing.rest(seen, POLL_MILLIS);
    while (!rest.text().isEmpty()) {
      seen += rest.text().length();
      reader.text(rest.text(), seen);
      rest = writing.rest(seen, 5_000);
    }
    if (rest.ended()) {
      // The row says so within moments: the writer ends the stream after it has stored the answer.
      Thread.sleep(5);
    }
    return seen;
  }

  private static PromptView read(UUID id) {
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              Prompt row = Prompt.findById(id);
              if (row == null) {
                throw Problem.unknown("prompt", id.toString());
              }
              return PromptView.of(row);
            });
  }
}
