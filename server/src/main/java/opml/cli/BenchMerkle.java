package opml.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import opml.catalog.WeightsTree;
import opml.commitment.Keccak;
import opml.inference.emitted.KeccakKernel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code opml bench merkle}: node hashes, and the tree over a file as an import makes it. */
@Command(
    name = "merkle",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Node hashes a second of one thread, and the seconds that the tree over a file takes.",
      "Hashes are in processor time, beside what vector units allow that never wait.",
      "The tree is on the clock, over random bytes written before."
    })
final class BenchMerkle implements Callable<Integer> {
  private static final double HASHES = 20;
  private static final double SECONDS_PER_GIB = 2.5;
  private static final int PAIRS = 4096;
  private static final int ROUNDS = 15;

  @Mixin private ThreadsOption threads;

  @Option(
      names = "--gib",
      converter = WholeNumber.FromOne.class,
      defaultValue = "1",
      description = "Size of the file.")
  private int gib;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    BenchRows rows = new BenchRows();
    rows.atLeast("node hashes, million/s, one thread", hashes(Keccak::pairs), HASHES);
    double cycles = KeccakKernel.leastCycles();
    if (cycles > 0) {
      double clock = Processor.gigahertz();
      String what = "what %.0f cycles a hash allow at %.2f GHz".formatted(cycles, clock);
      rows.atLeast(what, 1000 * clock / cycles, HASHES);
    }
    rows.atLeast("the same one after another", hashes(Keccak::plainPairs), HASHES);
    String tree = "Merkle root of " + gib + " GiB, s, " + threads.count() + " threads";
    rows.atMost(tree, tree(), SECONDS_PER_GIB * gib);
    rows.print(json);
    return 0;
  }

  private interface Pairs {
    void pairs(byte[] in, int inOff, int n, byte[] out, int outOff);
  }

  private static double hashes(Pairs form) {
    byte[] in = new byte[64 * PAIRS];
    new Random(1).nextBytes(in);
    byte[] out = new byte[32 * PAIRS];
    List<Double> speeds = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      long start = BenchVm.cpu();
      for (int k = 0; k < 100; k++) {
        form.pairs(in, 0, PAIRS, out, 0);
      }
      speeds.add(100.0 * PAIRS * 1000 / (BenchVm.cpu() - start));
    }
    return BenchRows.median(speeds.subList(ROUNDS / 2, ROUNDS));
  }

  private double tree() throws IOException {
    Path folder = Files.createTempDirectory("opml-merkle");
    Path content = folder.resolve("content");
    Path nodes = folder.resolve("nodes");
    try (ForkJoinPool pool = new ForkJoinPool(threads.count())) {
      write(content);
      long start = System.nanoTime();
      pool.submit(() -> WeightsTree.create(content, nodes, Out.progress())).get().close();
      return (System.nanoTime() - start) / 1e9;
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      Files.deleteIfExists(content);
      Files.deleteIfExists(nodes);
      Files.delete(folder);
    }
  }

  private void write(Path file) throws IOException {
    byte[] megabyte = new byte[1 << 20];
    Random random = new Random(2);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < gib * 1024; i++) {
        random.nextBytes(megabyte);
        out.write(megabyte);
      }
    }
    // otherwise forcing the nodes would wait for the content as well
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }
}
