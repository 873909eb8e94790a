package opml.inference;

/** An operator before the first token: the tokenizer's are done again from the start. */
final class FreshRun implements ShadowAudit.Stand {
  private final Engine engine;
  private final byte[] input;
  private final long operator;
  private Run run;

  FreshRun(Engine engine, byte[] input, long operator) {
    this.engine = engine;
    this.input = input;
    this.operator = operator;
  }

  @Override
  public long operator() {
    return operator;
  }

  @Override
  public Run before() {
    close();
    run = engine.start(input);
    while (run.operators() < operator && run.operator()) {
      // up to the operator
    }
    return run;
  }

  @Override
  public String after() {
    return run.operators() == operator + 1 ? "" : "its run ends earlier when it is done again";
  }

  @Override
  public void close() {
    if (run != null) {
      run.close();
      run = null;
    }
  }
}
