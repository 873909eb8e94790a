package opml.model;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import opml.event.Feed;
import opml.http.Hex;
import opml.http.Json;
import opml.http.Problem;
import org.jboss.logging.Logger;

/** Which models are halted. Kept in the database: a restart changes nothing. */
@ApplicationScoped
public class Halts {
  private static final Logger LOG = Logger.getLogger(Halts.class);

  private final Feed feed;
  private final Clock clock;

  Halts(Feed feed, Clock clock) {
    this.feed = feed;
    this.clock = clock;
  }

  /**
   * Why a model is halted.
   *
   * @param model its name
   * @param reason which operator differs, and how
   */
  public record Why(String model, String reason, Instant haltedAt) {
    static Why of(Halt row) {
      return new Why(row.model, row.reason, row.haltedAt);
    }
  }

  void start(@Observes StartupEvent event) {
    for (Why why : all()) {
      LOG.errorf("%s is halted since %s: %s", why.model(), why.haltedAt(), why.reason());
    }
  }

  /** Why this model is halted, if it is. */
  public Optional<Why> of(Model model) {
    return QuarkusTransaction.joiningExisting()
        .call(() -> Halt.<Halt>findByIdOptional(model.id()).map(Why::of));
  }

  private static List<Why> all() {
    return QuarkusTransaction.joiningExisting()
        .call(() -> Halt.<Halt>findAll().stream().map(Why::of).toList());
  }

  /** Lets a problem of status 503 out when the model is halted. */
  public void refuse(Model model) {
    of(model)
        .ifPresent(
            why -> {
              throw Problem.unavailable(
                  "model-halted",
                  "The audit halted "
                      + model.name()
                      + " ("
                      + why.reason()
                      + "): ask another model; its operator ends it by opml model resume.");
            });
  }

  /** From now on nothing of this model is claimed or signed. */
  void halt(Model model, byte[] input, String reason) {
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              // One statement: audits of several answers may find the same fault at once.
              int stored =
                  Halt.getEntityManager()
                      .createNativeQuery(
                          "insert into halt (model_id, model, reason, input, halted_at)"
                              + " values (?1, ?2, ?3, ?4, ?5) on conflict do nothing")
                      .setParameter(1, model.id())
                      .setParameter(2, model.name())
                      .setParameter(3, reason)
                      .setParameter(4, input)
                      .setParameter(5, Instant.now(clock))
                      .executeUpdate();
              if (stored == 1) {
                tell(model, "HALTED", reason);
              }
            });
  }

  /** The operator has found out why; whether it was halted. */
  boolean resume(Model model) {
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              boolean was = Halt.deleteById(model.id());
              if (was) {
                tell(model, "RESUMED", "the operator says so");
              }
              return was;
            });
  }

  private void tell(Model model, String status, String reason) {
    feed.tell("model", Json.write(new Told(Hex.of(model.id()), model.name(), status, reason)));
  }

  private record Told(String id, String name, String status, String reason) {}
}
