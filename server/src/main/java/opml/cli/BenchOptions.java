package opml.cli;

import java.io.IOException;
import java.nio.file.Path;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the measurements of models share. */
final class BenchOptions {
  @Option(names = "--model", required = true, paramLabel = "F", description = "A GGUF file.")
  String model;

  @Mixin ThreadsOption threads;

  @Mixin FormOption form;

  @Option(
      names = "--llama-bench",
      paramLabel = "PATH",
      description = "A built llama-bench: measured in turns with this engine.")
  Path llamaBench;

  @Option(
      names = "--rounds",
      converter = WholeNumber.FromOne.class,
      description = "Turns; the median counts.",
      defaultValue = "5")
  int rounds;

  @Option(names = "--json", description = "Prints JSON.")
  boolean json;

  /** The model in the wanted form; a file is imported when it isn't there. */
  ModelImage open() throws IOException {
    ModelStore store = ModelStore.standard();
    Path file = ModelOption.file(model);
    String name = file == null ? model : ModelOption.imported(store, file, form.form);
    return ModelOption.text(store.open(name, Out.progress()));
  }
}
