package opml.prompt;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import opml.role.Role;
import opml.role.Roles;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/** The channel {@code prompts-accepted}, and the sweep that refills it after a restart. */
@ApplicationScoped
class PromptQueue {
  private final Emitter<UUID> channel;
  private final Roles roles;
  private final Clock clock;
  private final Set<UUID> queued = ConcurrentHashMap.newKeySet();

  PromptQueue(
      @Channel("prompts-accepted") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER)
          Emitter<UUID> channel,
      Roles roles,
      Clock clock) {
    this.channel = channel;
    this.roles = roles;
    this.clock = clock;
  }

  void add(UUID id) {
    if (roles.plays(Role.INFERENCE) && queued.add(id)) {
      channel.send(id);
    }
  }

  void taken(UUID id) {
    queued.remove(id);
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
    QuarkusTransaction.requiringNew().call(this::waiting).forEach(this::add);
  }

  private List<UUID> waiting() {
    Prompt.update(
        "status = ?1 where status = ?2 and leaseUntil < ?3",
        Prompt.Status.QUEUED,
        Prompt.Status.RUNNING,
        Instant.now(clock));
    return Prompt.<Prompt>find("status = ?1 order by sequence", Prompt.Status.QUEUED)
        .page(0, 100)
        .<Prompt>list()
        .stream()
        .map(p -> p.id)
        .toList();
  }
}
