package opml.prompt;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import opml.commitment.Keccak;
import opml.http.Client;
import opml.http.Hex;
import opml.http.Page;
import opml.http.Problem;
import opml.model.Halts;
import opml.model.Model;
import opml.model.Models;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Takes prompts in, finds them, cancels them. */
@ApplicationScoped
public class Prompts {
  private static final int RETRY_SECONDS = 10;
  private static final int TOKEN_BYTES = 16;
  private static final SecureRandom SECRETS = new SecureRandom();

  private final Models models;
  private final Halts halts;
  private final PromptQueue queue;
  private final PromptStreams streams;
  private final Clock clock;
  private final int most;
  private final int mostOfOne;

  Prompts(
      Models models,
      Halts halts,
      PromptQueue queue,
      PromptStreams streams,
      Clock clock,
      @ConfigProperty(name = "opml.prompt.open") int most,
      @ConfigProperty(name = "opml.prompt.open-per-client") int mostOfOne) {
    this.most = most;
    this.mostOfOne = mostOfOne;
    this.models = models;
    this.halts = halts;
    this.queue = queue;
    this.streams = streams;
    this.clock = clock;
  }

  /**
   * A prompt that is stored.
   *
   * @param stopToken lets who asked stop it; the id alone is public
   */
  public record Accepted(UUID id, String stopToken) {}

  /**
   * Stores a prompt and queues it. It is in the database when this returns.
   *
   * @param idempotencyKey the same key with the same body gives the same prompt; may be null
   * @throws Problem if a field is wrong, the key was used for another body, or too many prompts
   *     wait
   */
  public Accepted submit(Submission submission, String idempotencyKey, Client client) {
    Model model = models.named(submission.model());
    halts.refuse(model);
    byte[] input = submission.encode(model);
    byte[] body = Keccak.hash(submission.canonical());
    if (idempotencyKey != null && !idempotencyKey.matches("[\\x21-\\x7e]{1,200}")) {
      throw Problem.invalid(
          "Idempotency-Key", "Idempotency-Key must be 1 to 200 ASCII characters.");
    }
    UUID id = UUID.randomUUID();
    Prompt row = new Prompt();
    row.id = id;
    row.model = model.name();
    row.input = input;
    row.client = client.id();
    row.idempotencyKey = idempotencyKey;
    row.bodyHash = body;
    row.stopToken = new byte[TOKEN_BYTES];
    SECRETS.nextBytes(row.stopToken);
    Prompt stored = QuarkusTransaction.requiringNew().call(() -> store(row));
    if (stored.id.equals(id)) {
      streams.open(id);
      queue.add(id, row.client);
    }
    return new Accepted(stored.id, Hex.of(stored.stopToken));
  }

  private Prompt store(Prompt prompt) {
    Problem full = full(prompt.client);
    if (full != null && (prompt.idempotencyKey == null || !known(prompt.idempotencyKey))) {
      throw full;
    }
    // One statement decides who is first: two equal requests at once store one row.
    int stored =
        Prompt.getEntityManager()
            .createNativeQuery(
                "insert into prompt (id, model, input, status, idempotency_key, body_hash,"
                    + " created_at, client, stop_token)"
                    + " values (?1, ?2, ?3, 'QUEUED', ?4, ?5, ?6, ?7, ?8)"
                    + " on conflict (idempotency_key) do nothing")
            .setParameter(1, prompt.id)
            .setParameter(2, prompt.model)
            .setParameter(3, prompt.input)
            .setParameter(4, prompt.idempotencyKey)
            .setParameter(5, prompt.bodyHash)
            .setParameter(6, Instant.now(clock))
            .setParameter(7, prompt.client)
            .setParameter(8, prompt.stopToken)
            .executeUpdate();
    if (stored == 1) {
      return prompt;
    }
    Prompt earlier = Prompt.<Prompt>find("idempotencyKey", prompt.idempotencyKey).singleResult();
    if (!Arrays.equals(earlier.bodyHash, prompt.bodyHash)) {
      String detail = "This Idempotency-Key was used for another body: take a new key.";
      throw new Problem(
          422, "idempotency-key-reused", "Key used before", detail, "Idempotency-Key");
    }
    return earlier;
  }

  /** Why no further prompt may wait, or null. One counts at a time, so the bounds are exact. */
  private Problem full(String client) {
    EntityManager database = Prompt.getEntityManager();
    database.createNativeQuery("select pg_advisory_xact_lock(7239)", Object.class).getResultList();
    Object[] open =
        (Object[])
            database
                .createNativeQuery(
                    "select count(*), count(*) filter (where client = ?1) from prompt"
                        + " where status in ('QUEUED', 'RUNNING')",
                    Object[].class)
                .setParameter(1, client)
                .getSingleResult();
    if ((Long) open[0] >= most) {
      String detail = open[0] + " prompts wait, which is all this server keeps.";
      return Problem.busy(503, "queue-full", detail, RETRY_SECONDS);
    }
    if ((Long) open[1] >= mostOfOne) {
      String detail = "You have " + open[1] + " prompts without an answer, which is the limit.";
      return Problem.busy(429, "too-many-prompts", detail, RETRY_SECONDS);
    }
    return null;
  }

  private static boolean known(String key) {
    return Prompt.count("idempotencyKey", key) > 0;
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

  /** The same, for who shows that he asked: a problem of status 403 for everybody else. */
  void cancel(UUID id, String token) {
    byte[] right = QuarkusTransaction.requiringNew().call(() -> row(id).stopToken);
    byte[] given = (token == null ? "" : token).getBytes(StandardCharsets.UTF_8);
    if (right == null
        || !MessageDigest.isEqual(Hex.of(right).getBytes(StandardCharsets.UTF_8), given)) {
      throw new Problem(
          403,
          "not-your-prompt",
          "Not your prompt",
          "Only who asked may stop a prompt: send its stopToken, which the answer to POST"
              + " /api/prompts held, as Opml-Stop-Token.",
          "Opml-Stop-Token");
    }
    cancel(id);
  }

  private static Prompt row(UUID id) {
    Prompt prompt = Prompt.findById(id);
    if (prompt == null) {
      throw Problem.unknown("prompt", id.toString());
    }
    return prompt;
  }
}
