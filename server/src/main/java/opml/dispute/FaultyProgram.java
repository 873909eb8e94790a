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
    return new Run(honest.start(input), fault);
  }

  private record Run(Replay honest, Fault fault) implements Replay {
    @Override
    public boolean operator() {
      boolean here = honest.operators() == fault.operator() && !honest.ended();
      if (here && fault instanceof Fault.Instruction f) {
        Machine machine = honest.machine();
        machine.resume();
        Stores stores = new Stores();
        stores.run(machine, f.instruction() + 1);
        machine.flipRegister(f.register(), f.bits());
        stores.run(machine, MachineProgram.OPERATOR);
        honest.adopt(machine, stores.pages());
        return true;
      }
      boolean ran = honest.operator();
      if (here && fault instanceof Fault.Activation f && !honest.ended()) {
        honest.flip(f.address(), f.bits());
      }
      return ran;
    }

    @Override
    public void advance(Machine machine, long done, long steps) {
      boolean here =
          fault instanceof Fault.Instruction f
              && honest.operators() == f.operator()
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
      return honest.operators();
    }

    @Override
    public boolean ended() {
      return honest.ended();
    }

    @Override
    public byte[] stateHash() {
      return honest.stateHash();
    }

    @Override
    public byte[] output() {
      return honest.output();
    }

    @Override
    public Machine machine() {
      return honest.machine();
    }

    @Override
    public void flip(long address, int bits) {
      honest.flip(address, bits);
    }

    @Override
    public void adopt(Machine machine, Set<Long> pages) {
      honest.adopt(machine, pages);
    }

    @Override
    public void keep(long bytes) {
      honest.keep(bytes);
    }

    @Override
    public void approach(long operator) {
      honest.approach(operator);
    }

    @Override
    public void close() {
      honest.close();
    }
  }
}
