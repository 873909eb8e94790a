package opml.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.DoubleSupplier;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.inference.Engine;
import opml.inference.ModelTables;
import opml.inference.ReadSpeed;
import opml.inference.emitted.Emission;
import opml.inference.emitted.Level;
import opml.inference.emitted.Product;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code opml bench roofline}: what memory and arithmetic allow, and what was reached. */
@Command(
    name = "roofline",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Measures bandwidth, arithmetic, decode and prompt reading, and draws them as SVG."
    })
final class BenchRoofline implements Callable<Integer> {
  private static final int PROMPT = 128;
  private static final int GENERATED = 32;

  /** Of each measurement: HotSpot compiles meanwhile, and the best counts. */
  private static final long NANOS = 5_000_000_000L;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME|F",
      description = "A name or a GGUF file; may be given again.")
  private List<String> models;

  @Option(names = "--svg", required = true, paramLabel = "FILE", description = "The picture.")
  private Path svg;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Mixin private ThreadsOption threads;

  private final List<Map<String, Object>> rows = new ArrayList<>();
  private RooflinePicture picture;

  @Override
  public Integer call() throws IOException {
    int n = threads.count();
    picture =
        new RooflinePicture(
            n + " threads, " + Processor.name() + ", " + LocalDate.now(ZoneOffset.UTC));
    double read = 0; // of the largest: smaller ones lie in caches
    long largest = 0;
    for (String model : models) {
      try (ModelImage image = ModelOption.openText(ModelStore.standard(), model);
          Engine engine = new Engine(image, n)) {
        measure(image, engine);
        long bytes = image.weightsSegment().byteSize();
        if (bytes > largest) {
          largest = bytes;
          read = ReadSpeed.measure(image.weightsSegment(), n) / 1e9;
        }
      }
    }
    picture.bandwidth(String.format(Locale.ROOT, "memory, %.1f GB/s", read), read);
    row("read bandwidth, GB/s", read);
    if (Emission.has(Level.AVX2)) {
      for (String type : List.of("Q4_0", "Q8_0")) {
        ceiling(type, 1, n);
        ceiling(type, Product.MAX_VECTORS, n);
      }
    }
    Files.writeString(svg, picture.svg());
    if (json) {
      Out.json(Map.of("rows", rows));
    } else {
      rows.forEach(System.out::println);
    }
    return 0;
  }

  private void measure(ModelImage image, Engine engine) {
    double weights = ModelTables.tokenWeights(image.weightsSegment());
    double perByte = weights / ModelTables.tokenBytes(image.weightsSegment());
    double decode = best(() -> Bench.decoded(engine, GENERATED));
    double prompt = best(() -> Bench.read(engine, PROMPT));
    point(image.name() + ", decode", perByte, weights * decode / 1e9);
    double shared = perByte * Product.MAX_VECTORS;
    point(image.name() + ", prompt", shared, weights * prompt / 1e9);
  }

  private static double best(DoubleSupplier speed) {
    double best = 0;
    for (long end = System.nanoTime() + NANOS; System.nanoTime() < end; ) {
      best = Math.max(best, speed.getAsDouble());
    }
    return best;
  }

  private void point(String what, double perByte, double giga) {
    picture.point(what, perByte, giga);
    row(what + ", 10^9 products/s", giga);
  }

  private void ceiling(String type, int vectors, int threads) {
    double giga = BenchKernel.best(type, vectors) * threads;
    String what = type + " in cache, vectors: " + vectors;
    picture.arithmetic(what, giga);
    row(what + ", 10^9 products/s", giga);
  }

  private void row(String what, double value) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("what", what);
    row.put("value", Math.round(10 * value) / 10.0);
    rows.add(row);
  }
}
