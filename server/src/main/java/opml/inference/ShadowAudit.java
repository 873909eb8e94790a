package opml.inference;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import opml.catalog.ModelImage;
import opml.machine.BytePages;
import opml.machine.Machine;
import opml.machine.Pages;

/**
 * Looks at a finished run before its answer is claimed: goes back to the layer of an operator, on
 * the key/value cache that the run has left, makes this layer again operator by operator, and the
 * operator in the VM too. The operator must write what the VM writes, and the layer must leave what
 * the run had left, whatever way it was made.
 */
public final class ShadowAudit {
  private static final long SLOTS = 1L << 24;

  private final ModelImage model;
  private final Engine engine;

  /** An audit of the engine's runs against this model in the VM. */
  public ShadowAudit(ModelImage model, Engine engine) {
    this.model = model;
    this.engine = engine;
  }

  /** A run that can be brought before the operator as often as needed. */
  interface Stand extends AutoCloseable {
    /** From 0, of the run's. */
    long operator();

    /** The run, whose next operator is the one. */
    Run before();

    /** After the operator: what is wrong with the rest, in words; empty when nothing is. */
    String after();

    @Override
    void close();
  }

  /**
   * Audits one operator.
   *
   * @param run has reached EXIT; its memory is good for further audits only
   * @param glimpse what was noted of the run
   * @return what is wrong, in words; empty when nothing is
   */
  public String check(Run run, Watch.Glimpse glimpse) {
    return Team.alone(() -> compared(run, glimpse));
  }

  private String compared(Run run, Watch.Glimpse glimpse) {
    try (Stand stand = stand(run, glimpse)) {
      String operatorWrong = compare(stand, run.input());
      String restWrong = stand.after(); // in any case: the run is left as it was
      String wrong = operatorWrong.isEmpty() ? restWrong : operatorWrong;
      return wrong.isEmpty() ? "" : "operator " + stand.operator() + ": " + wrong;
    }
  }

  private Stand stand(Run run, Watch.Glimpse glimpse) {
    if (glimpse.position() == Watch.BEFORE_TOKENS) {
      return new FreshRun(engine, run, glimpse);
    }
    Boundaries.Boundary boundary = run.boundaries().at(glimpse.position());
    // null: with others at once, a token before it was found to end the run
    Boundaries.Boundary last = run.boundaries().before(glimpse.end() - 1);
    return new TokenReplay(run, boundary == null ? last : boundary, glimpse);
  }

  private String compare(Stand stand, byte[] input) {
    Run run = stand.before();
    run.memory().touched(); // what was stored before is told now
    Machine machine = machine(run, input);
    machine.resume();
    machine.run(SLOTS);
    run.operator();
    if (machine.status() != status(run)) {
      return "it ends in form " + status(run) + ", in the VM in form " + machine.status();
    }
    Map<Long, byte[]> others = new TreeMap<>(); // stored to natively only, with what they hold
    for (long page : run.memory().touched()) {
      others.put(page, run.memory().page(page));
    }
    for (long page : machine.written()) {
      others.remove(page);
      if (!Arrays.equals(machine.read(page, Pages.PAGE), run.memory().page(page))) {
        return "the page at 0x" + Long.toHexString(page) + " is not as in the VM";
      }
    }
    return others.isEmpty() ? "" : unchanged(stand, others);
  }

  /**
   * Pages that the VM did not write have to be as before: a twin's marks may be coarser than its
   * stores. What they held is known when the token is made once more.
   */
  private static String unchanged(Stand stand, Map<Long, byte[]> pages) {
    Run run = stand.before();
    String wrong = "";
    for (Map.Entry<Long, byte[]> page : pages.entrySet()) {
      if (!Arrays.equals(page.getValue(), run.memory().page(page.getKey()))) {
        String at = Long.toHexString(page.getKey());
        wrong = "the page at 0x" + at + " was written, in the VM it was not";
      }
    }
    run.operator();
    return wrong;
  }

  /** In the state that the native run is in. */
  private Machine machine(Run run, byte[] input) {
    return new Machine(
            model.sizes(),
            model.code(),
            new BytePages(input, model.sizes().input()),
            model.weights(),
            run.state(),
            run.outputPages())
        .translated(model.translation());
  }

  private static int status(Run run) {
    return run.faulted() ? Machine.FAULTED : run.exited() ? Machine.EXITED : Machine.YIELDED;
  }
}
