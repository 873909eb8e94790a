package opml.benchmark;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import opml.commitment.Keccak;
import opml.inference.emitted.KeccakKernel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Keccak-256 of pairs of nodes, 10^6 a second: emitted, and the plain form of shared-vm. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class NodeHashes {
  private static final int PAIRS = 512;

  private Arena arena;
  private MemorySegment nodes;
  private KeccakKernel kernel;
  private byte[] copy;

  /** Lays everything out. */
  @Setup
  public void open() {
    arena = Arena.ofConfined();
    nodes = arena.allocate(64L * PAIRS, 64);
    kernel = new KeccakKernel(arena);
    copy = nodes.toArray(ValueLayout.JAVA_BYTE);
  }

  /** By the machine code, eight pairs at a time. */
  @Benchmark
  @OperationsPerInvocation(PAIRS)
  public void emitted() {
    kernel.run(nodes.address(), nodes.address(), PAIRS / KeccakKernel.UNIT);
  }

  /** By the plain form, one after another. */
  @Benchmark
  @OperationsPerInvocation(PAIRS)
  public byte[] plain() {
    Keccak.plainPairs(copy, 0, PAIRS, copy, 0);
    return copy;
  }

  /** Frees everything. */
  @TearDown
  public void close() {
    arena.close();
  }
}
