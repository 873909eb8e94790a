package opml.inference;

import java.util.function.Supplier;
import opml.commitment.Keccak;
import opml.commitment.Merkle;
import opml.machine.RegionSizes;

/** Hashes of a run's states at operators (docs/protocol.md, section 2). */
final class StateHash {
  private static final int ROOT = 32;

  private final RegionSizes sizes;
  private final byte[] input;
  private final Supplier<byte[]> codeRoot;
  private final Supplier<byte[]> weightsRoot;

  StateHash(
      RegionSizes sizes, byte[] input, Supplier<byte[]> codeRoot, Supplier<byte[]> weightsRoot) {
    this.sizes = sizes;
    this.input = input;
    this.codeRoot = codeRoot;
    this.weightsRoot = weightsRoot;
  }

  /** Of the state of a form with this memory. */
  byte[] of(int form, NativeMemory memory) {
    return switch (form) {
      case Execution.FAULT -> Keccak.hash(new byte[] {Execution.FAULT});
      case Execution.EXIT -> Keccak.hash(state(form, new byte[0], memory.outputPages.root()));
      default ->
          Keccak.hash(
              state(
                  form,
                  sizes.bytes(),
                  codeRoot.get(),
                  Merkle.root(input, sizes.input()),
                  weightsRoot.get(),
                  memory.statePages.root(),
                  memory.outputPages.root()));
    };
  }

  private static byte[] state(int form, byte[] sizes, byte[]... roots) {
    byte[] state = new byte[1 + sizes.length + ROOT * roots.length];
    state[0] = (byte) form;
    System.arraycopy(sizes, 0, state, 1, sizes.length);
    for (int i = 0; i < roots.length; i++) {
      System.arraycopy(roots[i], 0, state, 1 + sizes.length + ROOT * i, ROOT);
    }
    return state;
  }
}
