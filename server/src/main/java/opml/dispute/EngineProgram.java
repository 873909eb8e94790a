package opml.dispute;

import java.util.Set;
import opml.catalog.ModelImage;
import opml.inference.Boundaries;
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
    return new Native(image, engine, input, engine.start(input));
  }

  private static final class Native implements Replay {
    private final ModelImage image;
    private final Engine engine;
    private final byte[] input;
    private long kept;
    private Run run;
    private Boundaries known; // while it rests

    Native(ModelImage image, Engine engine, byte[] input, Run run) {
      this.image = image;
      this.engine = engine;
      this.input = input;
      this.run = run;
    }

    private Run run() {
      if (run == null) {
        run = engine.start(input, known);
        run.keep(kept);
      }
      return run;
    }

    @Override
    public boolean operator() {
      if (ended()) {
        return false;
      }
      run().operator();
      return true;
    }

    @Override
    public void runTo(long operator) {
      run().replayTo(operator);
    }

    @Override
    public void compare(byte[] output) {
      run().finish(engine.draft(output), text -> {}, () -> false);
    }

    @Override
    public long operators() {
      return run().operators();
    }

    @Override
    public boolean ended() {
      return run().exited() || run().faulted();
    }

    @Override
    public byte[] stateHash() {
      return run().stateHash();
    }

    @Override
    public byte[] output() {
      return run().output();
    }

    @Override
    public Machine machine() {
      RegionSizes sizes = image.sizes();
      Pages request = new BytePages(input, sizes.input());
      return new Machine(
              sizes, image.code(), request, image.weights(), run().state(), run().outputPages())
          .translated(image.translation());
    }

    @Override
    public void flip(long address, int bits) {
      run().flip(address, bits);
    }

    @Override
    public void adopt(Machine machine, Set<Long> pages) {
      for (long page : pages) {
        run().overwrite(page, machine.read(page, Pages.PAGE));
      }
      // One that does not stop is no claim, as one that faulted.
      boolean stopped = machine.status() != Machine.RUNNING;
      run().skip(stopped ? machine.status() : Machine.FAULTED);
    }

    @Override
    public void keep(long bytes) {
      kept = bytes;
      run().keep(bytes);
    }

    @Override
    public void approach(long operator) {
      run().approach(operator);
    }

    @Override
    public long deciding(long operator) {
      return run().deciding(operator);
    }

    @Override
    public Replay fork() {
      return new Native(image, engine, input, run().fork(engine));
    }

    @Override
    public void beginHere(boolean regular) {
      run().beginHere(regular);
    }

    @Override
    public void rest() {
      if (run != null) {
        known = new Boundaries(run.boundaries());
        close();
      }
    }

    @Override
    public void close() {
      if (run != null) {
        run.close();
        run = null;
      }
    }
  }
}
