package opml.inference;

import opml.catalog.GuestProgram;
import opml.guest.Control;
import opml.guest.GuestFault;

/** Where a run stands, and the ways on from there: an operator, or a shortcut over some. */
final class Execution {
  /** First bytes of the forms of a state (docs/protocol.md, section 2). */
  static final int YIELD = 1;

  static final int EXIT = 2;
  static final int FAULT = 3;

  private final GuestProgram program;
  private final NativeMemory memory;
  private final Gate gate;
  private final Boundaries boundaries;
  private final Rewind rewind;
  private Watch watch;
  private int form = YIELD;
  private long operators;
  private boolean notes = true;
  private String fault = "";

  Execution(
      GuestProgram program,
      NativeMemory memory,
      Gate gate,
      Boundaries boundaries,
      Rewind rewind,
      Watch watch) {
    this.program = program;
    this.memory = memory;
    this.gate = gate;
    this.boundaries = boundaries;
    this.rewind = rewind;
    this.watch = watch;
  }

  /** Runs one operator unless the run has ended; false when it has ended now or before. */
  boolean operator() {
    if (form == YIELD) {
      pass();
      if (program == GuestProgram.LANGUAGE_MODEL) {
        watch.operator(memory);
      }
      gate.enter();
      try {
        form = program.step(memory) == 0 ? YIELD : EXIT;
      } catch (GuestFault e) {
        form = FAULT;
        fault = e.getMessage();
      } finally {
        gate.leave();
      }
      operators++;
    }
    return form == YIELD;
  }

  /** Operators that a shortcut does from a token boundary on; 0 elsewhere. */
  long ahead(Shortcut work, long most) {
    if (!atBoundary()) {
      return 0;
    }
    pass();
    gate.enter();
    try {
      long done = work.run(most);
      operators += done;
      return done;
    } finally {
      gate.leave();
    }
  }

  /** Whether the next operator begins a token. */
  boolean atBoundary() {
    return form == YIELD && program == GuestProgram.LANGUAGE_MODEL && Prefill.atBoundary(memory);
  }

  /** Notes a token boundary. */
  private void pass() {
    if (notes && atBoundary()) {
      boundaries.pass(memory, operators);
      rewind.pass();
      watch.token(memory, memory.loadI32(Control.POSITION), operators);
    }
  }

  /** Whether token boundaries are noted from here on. */
  void note(boolean notes) {
    this.notes = notes;
  }

  /** The memory is that of another place now. */
  void at(long operators, int form) {
    this.operators = operators;
    this.form = form;
    fault = "";
  }

  /** Nobody looks on from here. */
  void unwatched() {
    watch = Watch.NONE;
  }

  /** Operators done, the one that ended the run included. */
  long operators() {
    return operators;
  }

  int form() {
    return form;
  }

  boolean goesOn() {
    return form == YIELD;
  }

  /** Why it faulted; empty when it did not. */
  String fault() {
    return fault;
  }
}
