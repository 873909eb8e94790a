package opml.prompt;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import opml.commitment.Keccak;
import opml.http.Page;
import opml.http.Problem;
import opml.model.Model;
import opml.model.Models;

/** Takes prompts in, finds them, cancels them. */
@ApplicationScoped
public class Prompts {
  private final Models models;
  private final PromptQueue queue;
  private final PromptStreams streams;
  private final Clock clock;

  Prompts(Models models, PromptQueue queue, PromptStreams streams, Clock clock) {
    this.models = models;
    this.queue = queue;
    this.streams = streams;
    this.clock = clock;
  }

  /**
   * Stores a prompt and queues it. It is in the database when this returns.
   *
   * @param idempotencyKey the same key with the same body gives the same prompt; may be null
   * @throws Problem if a field is wrong, or the key was used for another body
   */
  public UUID submit(Submission submission, String idempotencyKey) {
    Model model = models.named(submission.model());
    byte[] input = submission.encode(model);
    byte[] body = Keccak.hash(submission.canonical());
    if (idempotencyKey != null && !idempotencyKey.matches("[\\x21-\\x7e]{1,200}")) {
      throw Problem.invalid(
          "Idempotency-Key", "Idempotency-Key must be 1 to 200 ASCII characters.");
    }
    UUID id = UUID.randomUUID();
    UUID stored =
        QuarkusTransaction.requiringNew()
            .call(() -> store(id, model.name(), input, idempotencyKey, body));
    if (stored.equals(id)) {
      streams.open(id);
      queue.add(id);
    }
    return stored;
  }

  private UUID store(UUID id, String model, byte[] input, String key, byte[] body) {
    // One statement decides who is first: two equal requests at once store one row.
    int stored =
        Prompt.getEntityManager()
            .createNativeQuery(
                "insert into prompt (id, model, input, status, idempotency_key, body_hash,"
                    + " created_at) values (?1, ?2, ?3, 'QUEUED', ?4, ?5, ?6)"
                    + " on conflict (idempotency_key) do nothing")
            .setParameter(1, id)
            .setParameter(2, model)
            .setParameter(3, input)
            .setParameter(4, key)
            .setParameter(5, body)
            .setParameter(6, Instant.now(clock))
            .executeUpdate();
    if (stored == 1) {
      return id;
    }
    Prompt earlier = Prompt.<Prompt>find("idempotencyKey", key).singleResult();
    if (!Arrays.equals(earlier.bodyHash, body)) {
      String detail = "This Idempotency-Key was used for another body: take a new key.";
      throw new Problem(
          422, "idempotency-key-reused", "Key used before", detail, "Idempotency-Key");
    }
    return earlier.id;
  }

  /** The prompt, or a problem of status 404. */
  public PromptView find(UUID id) {
    return QuarkusTransaction.requiringNew().call(() -> PromptView.of(row(id)));
  }

  /** Newest first. */
  Page<PromptView> list(Page.Range range) {
    List<Prompt> rows =
        Prompt.<Prompt>find("sequence < ?1", Sort.descending("sequence"), range.before())
            .page(0, range.limit() + 1)
            .list();
    return Page.of(rows, range, p -> p.sequence, PromptView::of);
  }

  /** Stops a prompt that has not ended; without effect on one that has. */
  public void cancel(UUID id) {
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              row(id);
              Prompt.update(
                  "status = ?1, finishedAt = ?2 where id = ?3 and status in (?4, ?5)",
                  Prompt.Status.CANCELLED,
                  Instant.now(clock),
                  id,
                  Prompt.Status.QUEUED,
                  Prompt.Status.RUNNING);
            });
    streams.cancel(id);
  }

  private static Prompt row(UUID id) {
    Prompt prompt = Prompt.findById(id);
    if (prompt == null) {
      throw Problem.unknown("prompt", id.toString());
    }
    return prompt;
  }
}
