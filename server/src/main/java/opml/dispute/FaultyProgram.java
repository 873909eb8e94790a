package opml.dispute;

import java.util.Set;
import opml.machine.Machine;
import opml.machine.RegionSizes;

/** A program with a planted fault: wrong from there on, and consistent with itself. */
record FaultyProgram(Program honest, Fault fault) implements Program {
  @Override
  public RegionSizes sizes() {
    return honest.sizes();
  }

  @Override
  public byte[] codeRoot() {
    return honest.codeRoot();
  }

  @Override
  public byte[] weightsRoot() {
    return honest.weightsRoot();
  }

  @Override
  public Replay start(byte[] input) {
    return on(honest.start(input));
  }

  /** Goes on from an honest run, which it takes over and which stands before the fault. */
  Replay on(Replay run) {
    return new Run(run, fault);
  }

  /** An honest run up to the fault, and one of its own from there on. */
  private static final class Run implements Replay {
    private final Replay honest;
    private final Fault fault;
    private Replay wrong; // from after the fault on; null until it was reached
    private boolean beyond;
    private long kept;

    Run(Replay honest, Fault fault) {
      this.honest = honest;
      this.fault = fault;
    }

    private Replay now() {
      return beyond ? wrong : honest;
    }

    private boolean here() {
      return !beyond && honest.operators() == fault.operator() && !honest.ended();
    }

    @Override
    public boolean operator() {
      if (!here()) {
        return now().operator();
      }
      if (wrong == null) {
        wrong = wrong();
      } else {
        wrong.approach(fault.operator() + 1);
      }
      beyond = true;
      return true;
    }

    private Replay wrong() {
      Replay run = honest.fork();
      switch (fault) {
        case Fault.Activation f -> {
          run.operator();
          if (!run.ended()) {
            run.flip(f.address(), f.bits());
          }
        }
        case Fault.Instruction f -> {
          Machine machine = run.machine();
          machine.resume();
          Stores stores = new Stores();
          stores.run(machine, f.instruction() + 1);
          machine.flipRegister(f.register(), f.bits());
          stores.run(machine, MachineProgram.OPERATOR);
          run.adopt(machine, stores.pages());
        }
      }
      run.beginHere(fault instanceof Fault.Activation);
      run.keep(kept);
      return run;
    }

    @Override
    public void runTo(long operator) {
      if (!beyond) {
        honest.runTo(Math.min(operator, fault.operator()));
        if (honest.operators() < operator && here()) {
          operator();
        }
      }
      now().runTo(operator);
    }

    @Override
    public void advance(Machine machine, long done, long steps) {
      boolean here =
          fault instanceof Fault.Instruction f
              && operators() == f.operator()
              && done <= f.instruction()
              && f.instruction() < done + steps;
      if (!here) {
        machine.run(steps);
        return;
      }
      Fault.Instruction f = (Fault.Instruction) fault;
      long before = f.instruction() + 1 - done;
      machine.run(before);
      machine.flipRegister(f.register(), f.bits());
      machine.run(steps - before);
    }

    @Override
    public long operators() {
      return now().operators();
    }

    @Override
    public boolean ended() {
      return now().ended();
    }

    @Override
    public byte[] stateHash() {
      return now().stateHash();
    }

    @Override
    public byte[] output() {
      return now().output();
    }

    @Override
    public Machine machine() {
      return now().machine();
    }

    @Override
    public void flip(long address, int bits) {
      now().flip(address, bits);
    }

    @Override
    public void adopt(Machine machine, Set<Long> pages) {
      now().adopt(machine, pages);
    }

    @Override
    public void keep(long bytes) {
      kept = bytes;
      honest.keep(bytes);
      if (wrong != null) {
        wrong.keep(bytes);
      }
    }

    @Override
    public void approach(long operator) {
      beyond = wrong != null && operator > fault.operator();
      now().approach(beyond ? operator : Math.min(operator, fault.operator()));
    }

    @Override
    public Replay fork() {
      return now().fork();
    }

    @Override
    public void beginHere(boolean regular) {
      now().beginHere(regular);
    }

    @Override
    public void rest() {
      if (wrong != null) {
        wrong.close();
        wrong = null;
      }
      beyond = false;
      honest.rest();
    }

    @Override
    public void close() {
      if (wrong != null) {
        wrong.close();
      }
      honest.close();
    }
  }
}
