package opml.inference;

import java.util.Arrays;

/**
 * An operator before the first token: the tokenizer's are done again from the start, and have to
 * give the tokens of the audited run, or its answer where there are none.
 */
final class FreshRun implements ShadowAudit.Stand {
  private final Engine engine;
  private final Run audited;
  private final long operator;
  private final long end;
  private Run run;

  FreshRun(Engine engine, Run audited, Watch.Glimpse glimpse) {
    this.engine = engine;
    this.audited = audited;
    operator = glimpse.operator();
    end = glimpse.end();
  }

  @Override
  public long operator() {
    return operator;
  }

  @Override
  public Run before() {
    close();
    run = engine.start(audited.input());
    while (run.operators() < operator && run.operator()) {
      // up to the operator
    }
    return run;
  }

  @Override
  public String after() {
    if (run.operators() != operator + 1) {
      return "its run ends earlier when it is done again";
    }
    while (!run.atBoundary() && run.operator()) {
      // to the first token or the end
    }
    if (run.faulted()) {
      return "its run faults when it is done again: " + run.faultReason();
    } else if (run.exited()) {
      boolean same = run.operators() == end && Arrays.equals(run.output(), audited.output());
      return same ? "" : "its run ends otherwise when it is done again";
    }
    Boundaries.Boundary first = audited.boundaries().before(run.operators());
    boolean same =
        first != null
            && first.operators() == run.operators()
            && Arrays.equals(run.promptTokens(), audited.promptTokens());
    return same ? "" : "the prompt has other tokens when it is read again";
  }

  @Override
  public void close() {
    if (run != null) {
      run.close();
      run = null;
    }
  }
}
