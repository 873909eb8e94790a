package opml.model;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import opml.inference.Run;
import opml.inference.ShadowAudit;
import opml.inference.Watch;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Answers that are going to be claimed or signed: random operators of each are replayed in the VM
 * before. One that differs halts its model.
 */
@ApplicationScoped
public class Audits {
  private static final Logger LOG = Logger.getLogger(Audits.class);
  private static final int MOST = 1000;

  private final Halts halts;
  private final int operators;
  private final SecureRandom seeds = new SecureRandom();
  private final Timer timer;
  private final Counter audited;
  private final Counter mismatches;

  Audits(
      Halts halts,
      MeterRegistry meters,
      @ConfigProperty(name = "opml.audit.operators") int operators) {
    if (operators < 0 || operators > MOST) {
      throw new IllegalStateException(
          "opml.audit.operators is " + operators + ": use 0 to " + MOST);
    }
    this.halts = halts;
    this.operators = operators;
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
    // its seed is secret: nobody knows what will be looked at
    Watch watch = Watch.random(operators, new SplittableRandom(seeds.nextLong()));
    return model.answer(input, text, cancelled, watch, run -> audit(model, input, run, watch));
  }

  private void audit(Model model, byte[] input, Run run, Watch watch) {
    ShadowAudit audit = new ShadowAudit(model.image(), model.engine());
    for (Watch.Glimpse glimpse : watch.of(run)) {
      long start = System.nanoTime();
      String wrong = audit.check(run, glimpse);
      timer.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
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
