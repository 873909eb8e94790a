package opml.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import opml.catalog.ModelImage;
import opml.machine.BytePages;
import opml.machine.Machine;
import opml.machine.RegionSizes;
import opml.machine.Translation;
import opml.request.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code opml bench vm}: the virtual machine on the guest's own code. */
@Command(
    name = "vm",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Instructions a second of the VM while the guest answers a prompt.",
      "With code translated to the host's and in the interpreter alone, and what the state's hash"
          + " after an operator and the witness of a step cost. One thread, processor time."
    })
final class BenchVm implements Callable<Integer> {
  private static final String BROWSER =
      "In the browser: cd web-client && BASE=http://localhost:8080 node test/speed.mjs, against a"
          + " running server.";
  private static final double TARGET = 300;
  private static final double PROOF_MS = 50;
  private static final String UNIT = "million instructions/s, guest of ";
  private static final long ROUND = 200_000_000;
  private static final int PROOFS = 40;

  @Mixin private ModelOption model;

  @Option(
      names = "--seconds",
      converter = WholeNumber.FromOne.class,
      defaultValue = "20",
      description = "How long.")
  private int seconds;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  private ModelImage image;
  private Translation translation;
  private Machine machine;

  @Override
  public Integer call() throws IOException {
    try (ModelImage opened = model.openText()) {
      image = opened;
      translation = image.translation();
      BenchRows rows = new BenchRows();
      rows.atLeast("VM, " + UNIT + image.name(), median(), TARGET);
      double[] proofs = proofs();
      translation = null;
      machine = null;
      rows.atLeast("its interpreter alone, " + UNIT + image.name(), median(), TARGET);
      rows.atMost("state hash after one operator, ms", proofs[0], PROOF_MS);
      rows.atMost("witness of one step, ms, slowest of " + PROOFS, proofs[1], PROOF_MS);
      rows.print(json);
    }
    System.err.println(BROWSER);
    return 0;
  }

  /** Of the second half of the rounds: the first one warms up. */
  private double median() {
    List<Double> speeds = new ArrayList<>();
    long until = System.nanoTime() + seconds * 500_000_000L;
    do {
      speeds.add(speed());
    } while (System.nanoTime() < until);
    return BenchRows.median(speeds.subList(speeds.size() / 2, speeds.size()));
  }

  private double speed() {
    long start = cpu();
    long steps = 0;
    while (steps < ROUND) {
      steps += operator();
    }
    return steps * 1000.0 / (cpu() - start);
  }

  /** Runs the next operator, of a new answer when the last one has ended. */
  private long operator() {
    if (machine == null || machine.status() != Machine.YIELDED) {
      RegionSizes s = image.sizes();
      byte[] input = Request.ask("What is the capital of France?", 8).encode();
      machine =
          new Machine(
              s,
              image.code(),
              new BytePages(input, s.input()),
              image.weights(),
              new BytePages(new byte[0], s.state()),
              new BytePages(new byte[0], s.output()));
      if (translation != null) {
        machine.translated(translation);
      }
    }
    machine.resume();
    return machine.run(1L << 24);
  }

  /** Milliseconds: median of hashes after an operator, slowest witness in the middle of one. */
  private double[] proofs() {
    List<Double> hashes = new ArrayList<>();
    double slowest = 0;
    for (int i = 0; i < PROOFS; i++) {
      operator();
      long start = cpu();
      machine.stateHash();
      hashes.add((cpu() - start) / 1e6);
      machine.resume();
      machine.run(500);
      start = cpu();
      machine.witness();
      slowest = i < PROOFS / 2 ? 0 : Math.max(slowest, (cpu() - start) / 1e6);
      while (machine.status() == Machine.RUNNING) {
        machine.run(1L << 24);
      }
    }
    return new double[] {BenchRows.median(hashes), slowest};
  }

  static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
