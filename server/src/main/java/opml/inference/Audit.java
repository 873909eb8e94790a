package opml.inference;

import java.util.Arrays;
import opml.catalog.ModelImage;
import opml.jit.BytecodeTranslation;
import opml.machine.BytePages;
import opml.machine.Machine;
import opml.machine.Pages;
import opml.machine.RegionSizes;
import opml.machine.Translation;

/**
 * Replays operators of a native run in the VM, each from the native state before it, and compares
 * the states after it: equal at every operator means equal traces.
 */
public final class Audit {
  /** An operator owns this many steps. */
  private static final long SLOTS = 1L << 24;

  private final RegionSizes sizes;
  private final Pages code;
  private final Pages weights;
  private final Translation translation;
  private final byte[] input;
  private long instructions;
  private long most;

  /** An audit of runs of this model on this input. */
  public Audit(ModelImage model, byte[] input) {
    this(model.sizes(), model.code(), model.weights(), model.translation(), input);
  }

  Audit(RegionSizes sizes, Pages code, Pages weights, byte[] input) {
    this(sizes, code, weights, new BytecodeTranslation(code, sizes.code()), input);
  }

  private Audit(
      RegionSizes sizes, Pages code, Pages weights, Translation translation, byte[] input) {
    this.sizes = sizes;
    this.code = code;
    this.weights = weights;
    this.translation = translation;
    this.input = input.clone();
  }

  /**
   * Runs the next operator natively and in the VM.
   *
   * @param run goes on by one operator, if it has not ended
   * @return whether both are in the same state afterwards
   */
  public boolean operator(Run run) {
    Machine machine =
        new Machine(
            sizes,
            code,
            new BytePages(input, sizes.input()),
            weights,
            run.state(),
            run.outputPages());
    machine.translated(translation).resume();
    long steps = machine.run(SLOTS);
    instructions += steps;
    most = Math.max(most, steps);
    // the machine reads the native memory: hash before it moves on
    byte[] virtual = machine.stateHash();
    run.operator();
    return Arrays.equals(virtual, run.stateHash());
  }

  /** VM instructions so far. */
  public long instructions() {
    return instructions;
  }

  /** VM instructions of the largest operator so far. */
  public long most() {
    return most;
  }
}
