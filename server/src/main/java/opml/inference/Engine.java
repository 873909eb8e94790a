package opml.inference;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;
import opml.catalog.ModelImage;
import opml.machine.RegionSizes;

/** Runs requests on one model; runs are independent and may proceed on different threads. */
public final class Engine implements AutoCloseable {
  private final RegionSizes sizes;
  private final MemorySegment weights;
  private final Supplier<byte[]> codeRoot;
  private final Supplier<byte[]> weightsRoot;
  private final Team team;

  /**
   * Uses an open model, which must stay open.
   *
   * @param threads 1 or more; results do not depend on it (INV-06)
   */
  public Engine(ModelImage model, int threads) {
    this(model.sizes(), model.weightsSegment(), threads, model::codeRoot, model::weightsRoot);
  }

  /** Uses the content of a WEIGHTS region. */
  Engine(
      RegionSizes sizes,
      MemorySegment weights,
      int threads,
      Supplier<byte[]> codeRoot,
      Supplier<byte[]> weightsRoot) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + ": give 1 or more");
    }
    this.sizes = sizes;
    this.weights = weights;
    this.codeRoot = codeRoot;
    this.weightsRoot = weightsRoot;
    team = new Team(threads);
  }

  /** A run of the bytes of a request (docs/protocol.md section 6) in the YIELD state s(0). */
  public Run start(byte[] input) {
    Arena arena = Arena.ofShared();
    return new Run(
        new NativeMemory(sizes, weights, input, arena, team),
        sizes,
        input,
        arena,
        codeRoot,
        weightsRoot);
  }

  @Override
  public void close() {
    team.close();
  }
}
