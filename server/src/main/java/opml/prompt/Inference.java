package opml.prompt;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import opml.event.Feed;
import opml.http.Hex;
import opml.http.Problem;
import opml.model.Audits;
import opml.model.Model;
import opml.model.Models;
import opml.receipt.Receipts;
import opml.request.Answer;
import opml.role.Stopping;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Runs the prompts of the channel, {@code opml.inference.slots} at a time: the engine makes their
 * tokens together, and each answer is what it would be alone.
 */
@ApplicationScoped
class Inference {
  private static final Logger LOG = Logger.getLogger(Inference.class);
  private static final Duration LEASE = Duration.ofSeconds(10);

  private final Models models;
  private final Audits audits;
  private final PromptQueue queue;
  private final PromptStreams streams;
  private final Receipts receipts;
  private final Feed feed;
  private final Clock clock;
  private final Stopping stopping;
  private final Timer timer;
  private final Counter tokens;
  private final AtomicReference<Double> rate = new AtomicReference<>(Double.NaN);
  private final AtomicInteger busy = new AtomicInteger();

  /** Shared by the prompts that run. */
  private final ReentrantReadWriteLock running = new ReentrantReadWriteLock();

  Inference(
      Models models,
      Audits audits,
      PromptQueue queue,
      PromptStreams streams,
      Receipts receipts,
      Feed feed,
      Clock clock,
      Stopping stopping,
      MeterRegistry meters,
      @ConfigProperty(name = "opml.inference.slots") int slots) {
    if (slots < 1) {
      throw new IllegalStateException("opml.inference.slots is " + slots + ": use 1 or more");
    }
    this.models = models;
    this.audits = audits;
    this.queue = queue;
    this.streams = streams;
    this.receipts = receipts;
    this.feed = feed;
    this.clock = clock;
    this.stopping = stopping;
    timer = meters.timer("opml.answer");
    tokens = meters.counter("opml.completion.tokens");
    Gauge.builder("opml.tokens.per.second", rate::get)
        .description("of the last answer, from its first token on")
        .register(meters);
    Gauge.builder("opml.inference.running", busy::get)
        .description("prompts that run now")
        .register(meters);
    Gauge.builder("opml.inference.slots", () -> slots)
        .description("prompts that may run at a time")
        .register(meters);
    FunctionCounter.builder("opml.inference.shared.tokens", models, Inference::shared)
        .description("made or read together with another answer's")
        .register(meters);
  }

  private static double shared(Models models) {
    return models.all().stream()
        .filter(model -> model.engine() != null)
        .mapToLong(model -> model.engine().sharedTokens())
        .sum();
  }

  /** Before the models close: the prompts that run go back to the queue, and no other starts. */
  void stop(@Observes @Priority(100) ShutdownEvent event) {
    running.writeLock().lock();
    try {
      LOG.debug("no prompt runs any more");
    } finally {
      running.writeLock().unlock();
    }
  }

  /** One more prompt is there: runs the one whose turn it is. */
  @Incoming("prompts-accepted")
  @Blocking(value = "inference", ordered = false)
  void run(UUID any) {
    running.readLock().lock();
    try {
      UUID id = queue.next();
      if (id != null) {
        busy.incrementAndGet();
        runOne(id);
      }
    } finally {
      running.readLock().unlock();
    }
  }

  private void runOne(UUID id) {
    try {
      Prompt prompt =
          stopping.hasBegun() ? null : QuarkusTransaction.requiringNew().call(() -> take(id));
      if (prompt != null) {
        timer.record(() -> answer(prompt));
      }
    } catch (RuntimeException e) {
      // The row stays QUEUED or its lease ends: the sweep brings it back.
      LOG.errorf(e, "prompt %s", id);
    } finally {
      busy.decrementAndGet();
      queue.ended(id);
      streams.close(id);
    }
  }

  private Prompt take(UUID id) {
    Instant now = Instant.now(clock);
    int taken =
        Prompt.update(
            "status = ?1, leaseUntil = ?2, startedAt = ?3 where id = ?4 and status = ?5",
            Prompt.Status.RUNNING,
            now.plus(LEASE),
            now,
            id,
            Prompt.Status.QUEUED);
    return taken == 0 ? null : Prompt.findById(id);
  }

  private void answer(Prompt prompt) {
    Live live = streams.open(prompt.id);
    Pace pace = new Pace(live::write, System::nanoTime);
    Lease lease = new Lease(prompt.id);
    try {
      Model model = models.named(prompt.model);
      Model.Outcome outcome =
          audits.answer(
              model,
              prompt.input,
              pace,
              () -> {
                lease.renew();
                return live.cancelled() || lease.lost || stopping.hasBegun();
              });
      if (outcome != null) {
        int made = Answer.decode(outcome.output()).completionTokens();
        Double speed = pace.tokensPerSecond(made);
        QuarkusTransaction.requiringNew().run(() -> store(prompt.id, model, outcome, speed));
        tokens.increment(made);
        rate.set(speed == null ? Double.NaN : speed);
      } else if (stopping.hasBegun()) {
        QuarkusTransaction.requiringNew().run(() -> giveBack(prompt.id));
      }
    } catch (RuntimeException e) {
      LOG.errorf(e, "prompt %s failed", prompt.id);
      QuarkusTransaction.requiringNew().run(() -> fail(prompt.id, e));
    }
  }

  private static void giveBack(UUID id) {
    Prompt.update(
        "status = ?1, leaseUntil = null, startedAt = null where id = ?2 and status = ?3",
        Prompt.Status.QUEUED,
        id,
        Prompt.Status.RUNNING);
  }

  private void store(UUID id, Model model, Model.Outcome outcome, Double tokensPerSecond) {
    Prompt row = Prompt.findById(id, jakarta.persistence.LockModeType.PESSIMISTIC_WRITE);
    if (row.status != Prompt.Status.RUNNING) {
      return; // cancelled meanwhile
    }
    row.output = outcome.output();
    row.operators = outcome.operators();
    row.promptIds = outcome.promptTokens();
    row.completionIds = outcome.completionTokens();
    row.tokensPerSecond = tokensPerSecond;
    row.finishedAt = Instant.now(clock);
    row.status = Prompt.Status.DONE;
    row.receiptId = receipts.issue(id, model, row.input, row.output, outcome.operators());
    feed.tell("prompt", "{\"id\":\"" + id + "\",\"receiptId\":\"" + Hex.of(row.receiptId) + "\"}");
  }

  private void fail(UUID id, RuntimeException e) {
    Prompt.update(
        "status = ?1, error = ?2, finishedAt = ?3 where id = ?4 and status = ?5",
        Prompt.Status.FAILED,
        e instanceof Problem ? e.getMessage() : e.toString(),
        Instant.now(clock),
        id,
        Prompt.Status.RUNNING);
  }

  /** Keeps other processes from taking the prompt while this one works on it. */
  private final class Lease {
    private final UUID id;
    private long renewed = System.nanoTime();
    private boolean lost;

    Lease(UUID id) {
      this.id = id;
    }

    void renew() {
      if (System.nanoTime() - renewed < LEASE.toNanos() / 4) {
        return;
      }
      renewed = System.nanoTime();
      lost =
          QuarkusTransaction.requiringNew()
                  .call(
                      () ->
                          Prompt.update(
                              "leaseUntil = ?1 where id = ?2 and status = ?3",
                              Instant.now(clock).plus(LEASE),
                              id,
                              Prompt.Status.RUNNING))
              == 0;
    }
  }
}
