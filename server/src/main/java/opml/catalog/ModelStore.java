package opml.catalog;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import opml.guest.Shape;
import opml.perceptron.PerceptronHeader;

/**
 * Imported models on disk, one directory each under {@code $OPML_HOME/models} (default {@code
 * ~/.opml/models}).
 */
public final class ModelStore {
  static final String WEIGHTS = "weights.bin";
  static final String TREE = "weights.tree";
  private static final String JOURNAL = "import.journal";
  private static final String IMPORTING = ".importing-";
  private static final String INFO = "model.json";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Path root;

  /** The store below a home directory. */
  public ModelStore(Path home) {
    this.root = home.resolve("models");
  }

  /** The store of this user: {@code $OPML_HOME}, else {@code ~/.opml}. */
  public static ModelStore standard() {
    return new ModelStore(home());
  }

  /** Where everything of this user lies. */
  public static Path home() {
    String set = System.getProperty("opml.home", System.getenv("OPML_HOME"));
    return set == null || set.isBlank()
        ? Path.of(System.getProperty("user.home"), ".opml")
        : Path.of(set);
  }

  /** All models, by name. */
  public List<ModelInfo> list() throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(root)) {
      List<Path> found =
          entries
              .filter(p -> !p.getFileName().toString().startsWith(IMPORTING))
              .filter(p -> Files.exists(p.resolve(INFO)))
              .sorted()
              .toList();
      List<ModelInfo> out = new java.util.ArrayList<>();
      for (Path p : found) {
        out.add(info(p));
      }
      return out;
    }
  }

  public boolean has(String name) {
    return Files.exists(directory(name).resolve(INFO));
  }

  /** Opens a model by name; imports it from the catalogue first when it is not here yet. */
  public ModelImage open(String name, Progress progress) throws IOException {
    if (!has(name)) {
      Catalogue.Model known = Catalogue.standard().find(name);
      if (known == null) {
        throw new IllegalArgumentException(
            "there is no model "
                + name
                + ": import its file with `opml model import` (its path has a slash or ends in"
                + " .gguf), or use one of "
                + Catalogue.standard().names());
      }
      Path file = known.fetch(root.resolveSibling("downloads"), progress);
      importFile(file, name, known.licence(), ActivationForm.EXACT, progress);
    }
    return ModelImage.open(directory(name));
  }

  private Path directory(String name) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
      throw new IllegalArgumentException(
          "model name \""
              + name
              + "\" may have letters, digits, dot, dash and underscore, at most 100");
    }
    return root.resolve(name);
  }

  static ModelInfo info(Path directory) throws IOException {
    try {
      return JSON.readValue(directory.resolve(INFO).toFile(), ModelInfo.class);
    } catch (NoSuchFileException | java.io.FileNotFoundException e) {
      throw new IOException(directory + " holds no imported model", e);
    }
  }

  /** Records gate figures of a model. */
  public void record(String name, ModelInfo.Gate gate) throws IOException {
    writeInfo(directory(name), info(directory(name)).withGate(gate));
  }

  private static void writeInfo(Path directory, ModelInfo info) throws IOException {
    Path fresh = directory.resolve(INFO + ".new");
    Files.write(fresh, JSON.writeValueAsBytes(info));
    try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      out.force(true); // a rename may reach the disk before what it names
    }
    Files.move(
        fresh,
        directory.resolve(INFO),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Imports a GGUF file. Nothing is seen under the name before all of it is written; what a killed
   * import leaves is taken up by the next one of the same file.
   *
   * @param licence what the catalogue says, or null to take the file's word
   * @param form of the activations; programs other than the language model have only the exact one
   * @throws GgufException when the file is damaged or of a kind that the guest does not compute
   */
  public ModelInfo importFile(
      Path file, String name, String licence, ActivationForm form, Progress progress)
      throws IOException {
    directory(name); // refuses a bad name before any work
    try (Gguf gguf = Gguf.open(file)) {
      String architecture = gguf.text("general.architecture", "missing");
      String terms = licence == null ? gguf.text("general.license", "unknown") : licence;
      if (!architecture.equals(PerceptronImporter.ARCHITECTURE)) {
        return importLanguageModel(gguf, file, name, terms, form, progress);
      }
      if (form != ActivationForm.EXACT) {
        throw new IllegalArgumentException("a perceptron has the exact form only");
      }
      return importPerceptron(gguf, file, name, terms, progress);
    }
  }

  private ModelInfo importPerceptron(
      Gguf gguf, Path file, String name, String licence, Progress progress) throws IOException {
    PerceptronImporter importer = new PerceptronImporter(gguf);
    byte[] weights = importer.weights();
    Path fresh = fresh(name);
    Files.write(fresh.resolve(WEIGHTS), weights);
    try (WeightsTree tree =
        WeightsTree.create(fresh.resolve(WEIGHTS), fresh.resolve(TREE), progress)) {
      return settle(
          fresh,
          new ModelInfo(
              name,
              licence,
              PerceptronImporter.ARCHITECTURE,
              TensorType.Q8_0.name(),
              ActivationForm.EXACT.toString(),
              Importer.parameters(gguf),
              importer.inputs(),
              importer.classes(),
              importer.layers(),
              importer.inputs(),
              SourceDigest.of(file, progress),
              Files.size(file),
              weights.length,
              tree.size(),
              PerceptronHeader.STATE_SIZE,
              hex(tree.root()),
              null));
    }
  }

  private ModelInfo importLanguageModel(
      Gguf gguf, Path file, String name, String licence, ActivationForm form, Progress progress)
      throws IOException {
    Importer importer = new Importer(gguf);
    Shape shape = importer.shape(form);
    Path fresh = root.resolve(IMPORTING + name);
    Path journal = fresh.resolve(JOURNAL);
    Path weights = fresh.resolve(WEIGHTS);
    Path nodes = fresh.resolve(TREE);
    if (!Files.exists(journal) || !Files.exists(weights) || !Files.exists(nodes)) {
      remove(fresh);
    }
    try (SourceDigest source = new SourceDigest(file)) {
      ImageWriter.Written written =
          importer.write(weights, nodes, new Journal(journal, file), shape, source, progress);
      return settle(
          fresh,
          new ModelInfo(
              name,
              licence,
              importer.architecture(),
              importer.quantization(),
              form.toString(),
              Importer.parameters(gguf),
              shape.context(),
              shape.vocab(),
              shape.layers(),
              shape.dim(),
              source.hex(progress),
              Files.size(file),
              written.bytes(),
              written.size(),
              importer.layout(shape).stateSize(),
              hex(written.root()),
              null));
    }
  }

  private static String hex(byte[] root) {
    return "0x" + HexFormat.of().formatHex(root);
  }

  /** An empty directory where an import writes. */
  private Path fresh(String name) throws IOException {
    Path fresh = root.resolve(IMPORTING + name);
    remove(fresh);
    return Files.createDirectories(fresh);
  }

  /** Shows a finished import under its name. */
  private ModelInfo settle(Path fresh, ModelInfo info) throws IOException {
    writeInfo(fresh, info);
    Path target = directory(info.name());
    remove(target);
    Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    Files.deleteIfExists(target.resolve(JOURNAL)); // last: a kill before that is taken up
    return info;
  }

  private static void remove(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Files.deleteIfExists(directory.resolve(INFO)); // first: what is left of a model is none
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(p);
      }
    }
  }
}
