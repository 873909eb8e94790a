package opml.event;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** Writes and reads the feed. An event is part of the transaction that made it true. */
@ApplicationScoped
public class Feed {
  private static final long LOOK_NANOS = 400_000_000;

  private final Clock clock;
  private long newest;
  private long lookedAt = System.nanoTime() - LOOK_NANOS;

  Feed(Clock clock) {
    this.clock = clock;
  }

  /** One event of the feed. */
  record Entry(long id, String kind, String data) {}

  /**
   * Adds an event in the transaction of what it tells.
   *
   * @param kind prompt, receipt, claim, game, move or model
   * @param data one JSON object that names the thing
   */
  @Transactional(Transactional.TxType.MANDATORY)
  public void tell(String kind, String data) {
    Event event = new Event();
    event.kind = kind;
    event.data = data;
    event.happenedAt = Instant.now(clock);
    event.persist();
  }

  List<Entry> after(long id) {
    if (id >= recent()) {
      return List.of();
    }
    return QuarkusTransaction.requiringNew()
        .call(
            () ->
                Event.<Event>find("id > ?1 order by id", id).page(0, 100).<Event>list().stream()
                    .map(e -> new Entry(e.id, e.kind, e.data))
                    .toList());
  }

  /** The newest id as of a moment ago: readers without news share one look at the database. */
  private synchronized long recent() {
    if (System.nanoTime() - lookedAt >= LOOK_NANOS) {
      newest = newest();
      lookedAt = System.nanoTime();
    }
    return newest;
  }

  long newest() {
    return QuarkusTransaction.requiringNew()
        .call(() -> Event.<Event>find("order by id desc").firstResultOptional())
        .map(e -> e.id)
        .orElse(0L);
  }
}
