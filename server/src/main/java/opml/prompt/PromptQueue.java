package opml.prompt;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import opml.role.Role;
import opml.role.Roles;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/**
 * The channel {@code prompts-accepted}, and the sweep that refills it after a restart. A message
 * says that there is one more prompt to run; which one runs next is decided when a slot is free.
 */
@ApplicationScoped
class PromptQueue {
  private final Emitter<UUID> channel;
  private final Roles roles;
  private final Clock clock;
  private final FairOrder order = new FairOrder();

  PromptQueue(
      @Channel("prompts-accepted") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER)
          Emitter<UUID> channel,
      Roles roles,
      Clock clock) {
    this.channel = channel;
    this.roles = roles;
    this.clock = clock;
  }

  void add(UUID id, String client) {
    if (roles.plays(Role.INFERENCE) && order.add(id, client)) {
      channel.send(id);
    }
  }

  /** The prompt to run now, or null: every call is followed by {@link #ended} of what it gave. */
  UUID next() {
    return order.next();
  }

  void ended(UUID id) {
    order.ended(id);
  }

  /** Finds prompts that nobody runs: accepted before a crash, or by a process without inference. */
  @Scheduled(
      every = "2s",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
      skipExecutionIf = Scheduled.ApplicationNotRunning.class)
  void sweep() {
    if (!roles.plays(Role.INFERENCE)) {
      return;
    }
    for (Prompt prompt : QuarkusTransaction.requiringNew().call(this::waiting)) {
      add(prompt.id, prompt.client);
    }
  }

  private List<Prompt> waiting() {
    Prompt.update(
        "status = ?1 where status = ?2 and leaseUntil < ?3",
        Prompt.Status.QUEUED,
        Prompt.Status.RUNNING,
        Instant.now(clock));
    return Prompt.<Prompt>find("status = ?1 order by sequence", Prompt.Status.QUEUED)
        .page(0, 100)
        .list();
  }
}
