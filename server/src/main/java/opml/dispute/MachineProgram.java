package opml.dispute;

import java.util.Arrays;
import java.util.Set;
import opml.machine.BytePages;
import opml.machine.Machine;
import opml.machine.Pages;
import opml.machine.RegionSizes;
import opml.machine.Regions;

/** A program run by the virtual machine alone, without native kernels. */
public record MachineProgram(RegionSizes sizes, Pages code, Pages weights) implements Program {
  /** More instructions than an operator may take (INV-02). */
  static final long OPERATOR = 1L << 24;

  @Override
  public byte[] codeRoot() {
    return root(code, sizes.code());
  }

  @Override
  public byte[] weightsRoot() {
    return root(weights, sizes.weights());
  }

  private static byte[] root(Pages pages, int height) {
    byte[] root = new byte[32];
    pages.node(height, 0, root, 0);
    return root;
  }

  @Override
  public Replay start(byte[] input) {
    Pages empty = new BytePages(new byte[0], sizes.state());
    Pages output = new BytePages(new byte[0], sizes.output());
    return new Run(
        new Machine(sizes, code, new BytePages(input, sizes.input()), weights, empty, output));
  }

  private static final class Run implements Replay {
    private Machine first;
    private long begun;
    private Machine machine;
    private long operators;

    Run(Machine machine) {
      this.machine = machine;
      first = machine.copy();
    }

    @Override
    public boolean operator() {
      if (ended()) {
        return false;
      }
      machine.resume();
      machine.run(OPERATOR);
      operators++;
      return true;
    }

    @Override
    public long operators() {
      return operators;
    }

    @Override
    public boolean ended() {
      return machine.status() != Machine.YIELDED;
    }

    @Override
    public byte[] stateHash() {
      return machine.stateHash();
    }

    @Override
    public byte[] output() {
      long base = Regions.base(Regions.OUTPUT);
      byte[] header = machine.read(base, 16);
      int length = 0;
      for (int i = 15; i >= 12; i--) {
        length = length << 8 | header[i] & 0xff;
      }
      return length < 0 || length > 32 << machine.sizes().output()
          ? Arrays.copyOf(header, 16)
          : machine.read(base, 16 + length);
    }

    @Override
    public Machine machine() {
      return machine.copy();
    }

    @Override
    public void flip(long address, int bits) {
      machine.flip(address, bits);
    }

    @Override
    public void adopt(Machine other, Set<Long> pages) {
      machine = other.copy();
      operators++;
    }

    /** Nothing but the beginning is kept: this program is for cross-checks. */
    @Override
    public void keep(long bytes) {}

    @Override
    public void approach(long operator) {
      if (operators > operator) {
        machine = first.copy();
        operators = begun;
      }
    }

    @Override
    public Replay fork() {
      Run copy = new Run(first.copy());
      copy.begun = begun;
      copy.machine = machine.copy();
      copy.operators = operators;
      return copy;
    }

    @Override
    public void beginHere(boolean regular) {
      first = machine.copy();
      begun = operators;
    }

    @Override
    public void rest() {}

    @Override
    public void close() {}
  }
}
