package opml.dispute;

import java.util.Set;
import opml.catalog.ModelImage;
import opml.inference.Engine;
import opml.inference.Run;
import opml.machine.BytePages;
import opml.machine.Machine;
import opml.machine.Pages;
import opml.machine.RegionSizes;

/** The program of an imported model, run natively. */
public record EngineProgram(ModelImage image, Engine engine) implements Program {
  @Override
  public RegionSizes sizes() {
    return image.sizes();
  }

  @Override
  public byte[] codeRoot() {
    return image.codeRoot();
  }

  @Override
  public byte[] weightsRoot() {
    return image.weightsRoot();
  }

  @Override
  public Replay start(byte[] input) {
    Run run = engine.start(input);
    return new Native(image, input, run, new Checkpoints(run));
  }

  private record Native(ModelImage image, byte[] input, Run run, Checkpoints checkpoints)
      implements Replay {
    @Override
    public boolean operator() {
      if (ended()) {
        return false;
      }
      checkpoints.pass();
      run.operator();
      return true;
    }

    @Override
    public long operators() {
      return run.operators();
    }

    @Override
    public boolean ended() {
      return run.exited() || run.faulted();
    }

    @Override
    public byte[] stateHash() {
      return run.stateHash();
    }

    @Override
    public byte[] output() {
      return run.output();
    }

    @Override
    public Machine machine() {
      RegionSizes sizes = image.sizes();
      Pages request = new BytePages(input, sizes.input());
      return new Machine(
              sizes, image.code(), request, image.weights(), run.state(), run.outputPages())
          .translated(image.translation());
    }

    @Override
    public void flip(long address, int bits) {
      Machine machine = machine();
      machine.flip(address, bits);
      run.overwrite(address, machine.read(address, 4));
    }

    @Override
    public void keep(long bytes) {
      checkpoints.keep(bytes);
    }

    @Override
    public void approach(long operator) {
      checkpoints.approach(operator);
    }

    @Override
    public void adopt(Machine machine, Set<Long> pages) {
      checkpoints.pass();
      for (long page : pages) {
        run.overwrite(page, machine.read(page, Pages.PAGE));
      }
      // One that does not stop is no claim, as one that faulted.
      boolean stopped = machine.status() != Machine.RUNNING;
      run.skip(stopped ? machine.status() : Machine.FAULTED);
    }

    @Override
    public void close() {
      run.close();
    }
  }
}
