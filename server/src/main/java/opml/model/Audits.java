package opml.model;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import opml.inference.Run;
import opml.inference.ShadowAudit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Answers that are going to be claimed or signed: random operators of each are replayed in the VM
 * before, as many as their share of the time allows. One that differs halts its model.
 */
@ApplicationScoped
public class Audits {
  private static final Logger LOG = Logger.getLogger(Audits.class);

  private final Halts halts;
  private final int operators;
  private final AuditBudget budget;
  private final SecureRandom random = new SecureRandom();
  private final AtomicInteger running = new AtomicInteger();
  private final Timer timer;
  private final Counter audited;
  private final Counter mismatches;

  Audits(
      Halts halts,
      MeterRegistry meters,
      @ConfigProperty(name = "opml.audit.operators") int operators,
      @ConfigProperty(name = "opml.audit.share") double share) {
    if (operators < 0) {
      throw new IllegalStateException("opml.audit.operators is " + operators + ": use 0 or more");
    }
    this.halts = halts;
    this.operators = operators;
    budget = new AuditBudget(share);
    timer = meters.timer("opml.audit");
    audited = meters.counter("opml.audit.operators");
    mismatches = meters.counter("opml.audit.mismatches");
  }

  /**
   * Runs a request to its end and audits it.
   *
   * @return null when {@code cancelled} said so
   * @throws opml.http.Problem when the model is halted, before or by this answer
   */
  public Model.Outcome answer(
      Model model, byte[] input, Consumer<String> text, BooleanSupplier cancelled) {
    halts.refuse(model);
    running.incrementAndGet();
    try {
      Model.Check check = (run, nanos) -> audit(model, input, run, nanos);
      return model.answer(input, text, cancelled, check);
    } finally {
      running.decrementAndGet();
    }
  }

  private void audit(Model model, byte[] input, Run run, long nanos) {
    // answers that run together share the machine
    budget.earn(nanos / Math.max(1, running.get()));
    ShadowAudit audit = new ShadowAudit(model.image(), model.engine());
    long count = run.operators();
    for (int n = budget.draw(operators, random.nextDouble()); n > 0; n--) {
      long start = System.nanoTime();
      String wrong = audit.check(run, random.nextLong(count));
      long spent = System.nanoTime() - start;
      budget.spend(spent);
      timer.record(spent, TimeUnit.NANOSECONDS);
      audited.increment();
      if (!wrong.isEmpty()) {
        mismatches.increment();
        LOG.errorf(
            "ALARM: %s is halted, nothing of it is claimed or signed any more: %s. Run opml vm"
                + " audit on it, find out why, then opml model resume %s.",
            model.name(), wrong, model.name());
        halts.halt(model, input, wrong);
        break;
      }
    }
    halts.refuse(model);
  }
}
