package opml.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import opml.catalog.ActivationForm;
import opml.catalog.Download;
import opml.catalog.GuestProgram;
import opml.catalog.ModelImage;
import opml.catalog.ModelInfo;
import opml.catalog.ModelStore;
import opml.catalog.Synthesis;
import opml.chain.Hex;
import opml.launch.RunningServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Models on this machine. */
@Command(
    name = "model",
    mixinStandardHelpOptions = true,
    description = "Imports, lists and measures models.")
final class ModelCommand extends Group {
  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      description = "Imports a GGUF file, from here or from an address, or a known model by name.",
      footer = {
        "A hub shows the sha256 beside its file; what has another one is not imported.",
        "A fetched file is deleted when it is imported; a fetch that is cut off goes on."
      })
  int importModel(
      @Parameters(paramLabel = "FILE|URL|NAME", description = "What to import.") String what,
      @Option(names = "--sha256", paramLabel = "HEX", description = "Of the file behind a URL.")
          String sha256,
      @Option(names = "--name", description = "Name in the store (default: from the file).")
          String name,
      @Option(names = "--licence", description = "Licence (default: what the file says).")
          String licence,
      @Mixin FormOption form,
      @Option(names = "--no-gate", description = "Leaves the precision gate out.") boolean noGate,
      @Mixin ThreadsOption threads,
      @Option(names = "--json", description = "Prints JSON.") boolean json)
      throws IOException {
    ModelStore store = ModelStore.standard();
    URI address = ModelOption.address(what);
    if (address == null && sha256 != null) {
      throw new IllegalArgumentException("--sha256 is for a URL, and " + what + " is none");
    }
    Path named = address == null ? ModelOption.file(what) : Path.of(address.getPath());
    String chosen = name != null ? name : named == null ? what : ModelOption.name(named);
    store.has(chosen); // refuses a bad name before anything is fetched
    Path file = address == null ? named : fetched(address, sha256);
    if (file == null && form.form != ActivationForm.EXACT) {
      throw new IllegalArgumentException(
          "--form is for files, and " + what + " is a name: import its GGUF file");
    }
    if (file != null) {
      store.importFile(file, chosen, licence, form.form, Out.progress());
    }
    if (address != null) {
      Files.deleteIfExists(file);
    }
    try (ModelImage image = store.open(chosen, Out.progress())) {
      if (!noGate && image.program() == GuestProgram.LANGUAGE_MODEL) {
        Gate.measureBriefly(store, image, threads.count());
      }
    }
    print(info(store, chosen), json);
    return 0;
  }

  private static Path fetched(URI address, String sha256) throws IOException {
    if (sha256 == null || !sha256.matches("[0-9a-fA-F]{64}")) {
      throw new IllegalArgumentException(
          "--sha256 takes the 64 hexadecimal digits that the hub shows beside the file");
    }
    Path folder = ModelStore.home().resolve("downloads");
    return Download.fetch(address, sha256.toLowerCase(Locale.ROOT), folder, Out.progress());
  }

  @Command(
      name = "synth",
      mixinStandardHelpOptions = true,
      description = "Writes a GGUF file of a well-known shape with random weights.")
  int synth(
      @Option(
              names = "--shape",
              required = true,
              paramLabel = "SHAPE",
              description = "llama-7b, llama-1b, tiny or tiny-qwen2.")
          String shape,
      @Option(
              names = "--type",
              required = true,
              paramLabel = "TYPE",
              description = "Type of the matrices, for example Q4_0 or Q4_K_M.")
          String type,
      @Option(
              names = "--seed",
              converter = WholeNumber.Bits.class,
              description = "Which random weights.",
              defaultValue = "1")
          long seed,
      @Option(names = "--out", required = true, paramLabel = "F", description = "The file.")
          Path out,
      @Option(names = "--json", description = "Prints JSON.") boolean json)
      throws IOException {
    if (out.toString().isEmpty() || Files.isDirectory(out)) {
      throw new IllegalArgumentException("--out: " + out + " is no file: name one to write");
    }
    Path folder = out.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IllegalArgumentException("--out: there is no folder " + folder + ": make it first");
    }
    Synthesis.write(out, shape, type, seed, Out.progress());
    tell(
        json,
        out.toString(),
        Map.of(
            "file",
            out.toString(),
            "shape",
            shape,
            "type",
            type,
            "seed",
            seed,
            "bytes",
            Files.size(out)));
    return 0;
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the models.")
  int list(@Option(names = "--json", description = "Prints JSON.") boolean json)
      throws IOException {
    List<ModelInfo> models = ModelStore.standard().list(Out::damaged);
    if (json) {
      Out.json(models);
      return 0;
    }
    for (ModelInfo m : models) {
      System.out.printf(
          Locale.ROOT,
          "%-32s %-6s %7.1f M parameters  %s  %s%n",
          m.name(),
          m.quantization(),
          m.parameters() / 1e6,
          m.licence(),
          m.weightsRoot());
    }
    return 0;
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "What is known of a model: roots, sizes, licence, sha256, gate.")
  int show(
      @Parameters(paramLabel = "NAME|FILE", description = "The model.") String model,
      @Option(names = "--json", description = "Prints JSON.") boolean json)
      throws IOException {
    ModelStore store = ModelStore.standard();
    try (ModelImage image = ModelOption.measured(store, model)) {
      ModelInfo info = info(store, image.name());
      print(described(image, info), json);
      if (info.gate() == null && image.program() == GuestProgram.LANGUAGE_MODEL) {
        System.err.println(
            "Its precision was not measured: run `opml model gate " + image.name() + "`.");
      }
    }
    return 0;
  }

  private static ModelInfo info(ModelStore store, String name) throws IOException {
    try (ModelImage image = store.open(name, Out.progress())) {
      return image.info();
    }
  }

  /** With what follows from the program and, where this machine has a deployment, the model id. */
  private static ObjectNode described(ModelImage image, ModelInfo info) {
    ObjectNode out = Out.JSON.valueToTree(info);
    out.put("codeBytes", image.codeBytes().length);
    out.put("codeRoot", Hex.of(image.codeRoot()));
    out.put("sizes", Hex.of(image.sizes().bytes()));
    String id = LocalAnswer.modelId(image);
    if (id != null) {
      out.put("modelId", id);
    }
    return out;
  }

  private static void print(Object info, boolean json) throws IOException {
    if (json) {
      Out.json(info);
    } else {
      System.out.println(Out.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(info));
    }
  }

  @Command(
      name = "root",
      mixinStandardHelpOptions = true,
      description = "Root of the WEIGHTS region of a GGUF file; keeps nothing.")
  int root(
      @Parameters(paramLabel = "FILE", description = "A GGUF file.") Path file,
      @Mixin FormOption form,
      @Option(names = "--json", description = "Prints JSON.") boolean json)
      throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(file + " is not a file: check the path");
    }
    Path work = Files.createTempDirectory("opml-root");
    try {
      ModelInfo info =
          new ModelStore(work).importFile(file, "model", null, form.form, Out.progress());
      tell(
          json,
          info.weightsRoot(),
          Map.of("form", info.form(), "sha256", info.sha256(), "weightsRoot", info.weightsRoot()));
    } finally {
      try (Stream<Path> all = Files.walk(work)) {
        for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(p);
        }
      }
    }
    return 0;
  }

  @Command(
      name = "gate",
      mixinStandardHelpOptions = true,
      description = "Compares a model with float activations on the same weights.",
      footer = "Exit code 3: the model is outside the limits of its form.")
  int gate(
      @Parameters(paramLabel = "NAME|FILE", description = "The model.") String model,
      @Option(names = "--text", paramLabel = "FILE", description = "A UTF-8 text.") Path text,
      @Mixin ThreadsOption threads,
      @Option(names = "--json", description = "Prints JSON.") boolean json)
      throws IOException {
    ModelStore store = ModelStore.standard();
    try (ModelImage image = ModelOption.open(store, model)) {
      String content = text == null ? Gate.builtIn() : TextFile.read(text, "--text");
      ModelInfo.Gate gate = Gate.measure(store, image, threads.count(), content);
      if (json) {
        Out.json(gate);
      } else {
        System.out.println(Gate.words(gate));
      }
      return gate.passed() ? 0 : 3;
    }
  }

  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = {
        "Deletes an imported model; importing its file again makes the same one.",
        "An answer that is still open on chain can be defended only by who has its model."
      })
  int remove(
      @Parameters(paramLabel = "NAME", description = "The model.") String model,
      @Option(names = "--json", description = "Prints JSON.") boolean json)
      throws IOException {
    if (RunningServer.find(ModelStore.home()).isPresent()) {
      throw new IllegalArgumentException("a server runs here and may need " + model + ": stop it");
    }
    ModelStore.standard().remove(model);
    tell(json, model + " is removed", Map.of("name", model, "removed", true));
    return 0;
  }

  @Command(
      name = "unload",
      mixinStandardHelpOptions = true,
      description = "Closes a model of the running server until its next start.")
  int unload(
      @Parameters(paramLabel = "NAME", description = "The model.") String model,
      @Mixin ServerOption server,
      @Option(names = "--json", description = "Prints JSON.") boolean json)
      throws IOException {
    operate(server, model, "");
    String done = model + " is closed: its memory is given back";
    tell(json, done, Map.of("name", model, "unloaded", true));
    return 0;
  }

  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = {
        "Lets the running server claim and sign answers of a model again that its audit halted.",
        "Find out first why it differed: opml vm audit shows whether it still does."
      })
  int resume(
      @Parameters(paramLabel = "NAME", description = "The model.") String model,
      @Mixin ServerOption server,
      @Option(names = "--json", description = "Prints JSON.") boolean json)
      throws IOException {
    operate(server, model, "/halt");
    tell(json, model + " is not halted", Map.of("name", model, "halted", false));
    return 0;
  }

  private static void tell(boolean json, String words, Map<String, Object> facts)
      throws IOException {
    if (json) {
      Out.json(new TreeMap<>(facts));
    } else {
      System.out.println(words);
    }
  }

  /** As the operator: the key lies in the home folder. */
  private static void operate(ServerOption server, String model, String what) throws IOException {
    ServerClient client = server.required();
    if (model.isEmpty()) {
      throw new IllegalArgumentException("NAME is empty: name a model, as in `opml model list`");
    }
    String name = URLEncoder.encode(model, StandardCharsets.UTF_8).replace("+", "%20");
    client.delete("/api/models/" + name + what, ModelStore.home());
  }
}
