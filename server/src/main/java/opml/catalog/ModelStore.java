package opml.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Imported models on disk, one directory each under {@code $OPML_HOME/models} (default {@code
 * ~/.opml/models}).
 */
public final class ModelStore {
  static final String WEIGHTS = "weights.bin";
  static final String TREE = "weights.tree";
  static final String INFO = "model.json";
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

  /** All models that can be read, by name. */
  public List<ModelInfo> list() throws IOException {
    return list(damage -> {});
  }

  /**
   * The same.
   *
   * @param damaged is told of each other one: it keeps nobody from those that are whole
   */
  public List<ModelInfo> list(Consumer<String> damaged) throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    for (String name : Place.disturbed(root)) {
      mendIfTorn(name);
    }
    try (Stream<Path> entries = Files.list(root)) {
      List<Path> found =
          entries
              .filter(p -> !p.getFileName().toString().startsWith(".")) // of imports
              .filter(Files::isDirectory)
              .sorted()
              .toList();
      List<ModelInfo> out = new ArrayList<>();
      for (Path p : found) {
        try {
          out.add(info(p));
        } catch (IOException e) {
          damaged.accept(e.getMessage());
        }
      }
      return out;
    }
  }

  /** Whether there is a model of this name. */
  public boolean has(String name) {
    Path directory = directory(name);
    mendIfTorn(name);
    return Files.exists(directory.resolve(INFO));
  }

  /**
   * Ends exchanges of models that were stopped in the middle, and deletes what was replaced or
   * removed while somebody had it open. What cannot be done now is left to the next time.
   */
  public void tidy() {
    try {
      Place.disturbed(root).forEach(this::tidy);
    } catch (IOException e) {
      // the store cannot be read: whoever needs a model of it hears that
    }
  }

  /** Whoever holds the lock meanwhile is between two renames. */
  private void mendIfTorn(String name) {
    Place place = new Place(root, name);
    for (int tries = 0; tries < 100 && place.isTorn(); tries++) {
      tidy(name);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void tidy(String name) {
    try (ImportLock _ = ImportLock.take(root, name)) {
      new Place(root, name).mend();
    } catch (IOException e) {
      // an import runs, which ends by mending, or nothing can be changed here
    }
  }

  /** Opens a model by name; imports it from the catalogue first when it is not here yet. */
  public ModelImage open(String name, Progress progress) throws IOException {
    requireKnown(name);
    if (!has(name)) {
      Catalogue.Model known = Catalogue.standard().find(name);
      directory(name); // refuses a bad name
      try (ImportLock _ = ImportLock.take(root, name)) {
        new Place(root, name).mend();
        if (!has(name)) { // another import may have ended meanwhile
          Path file = known.fetch(root.resolveSibling("downloads"), progress);
          new ModelImport(root, file, name, known.licence(), ActivationForm.EXACT).run(progress);
        }
      }
    }
    return ModelImage.open(directory(name));
  }

  /**
   * Removes an imported model, be it damaged, and what a killed import left of it; importing its
   * file again makes the same one.
   *
   * @throws IllegalArgumentException when there is none of this name
   */
  public void remove(String name) throws IOException {
    directory(name); // refuses a bad name
    try (ImportLock _ = ImportLock.take(root, name)) {
      Place place = new Place(root, name);
      place.mend();
      if (!place.clear()) {
        throw new IllegalArgumentException(
            "there is no model " + name + ": `opml model list` names those that are there");
      }
    }
  }

  /** Refuses a name that is neither here nor in the catalogue. */
  public void requireKnown(String name) throws IOException {
    if (has(name) || Catalogue.standard().find(name) != null) {
      return;
    }
    Set<String> known = new TreeSet<>(Catalogue.standard().names());
    list().forEach(model -> known.add(model.name()));
    throw new IllegalArgumentException(
        "there is no model "
            + name
            + ": import its file with `opml model import` (its path has a slash or ends in"
            + " .gguf), or use one of "
            + String.join(", ", known));
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
    Path file = directory.resolve(INFO);
    try {
      ModelInfo info = JSON.readValue(Files.readAllBytes(file), ModelInfo.class);
      if (info == null || !info.isWhole()) {
        throw damaged(directory, INFO + " does not say all that it should", null);
      }
      return info;
    } catch (NoSuchFileException e) {
      throw new IOException(directory + " holds no imported model", e);
    } catch (AccessDeniedException e) {
      throw new IOException(file + " may not be read by you", e);
    } catch (JsonProcessingException e) {
      throw damaged(directory, INFO + ": " + e.getOriginalMessage(), e);
    }
  }

  /** What is wrong with a model, and what helps. */
  static IOException damaged(Path directory, String why, IOException cause) {
    return new IOException(
        directory
            + " is damaged ("
            + why
            + "): remove it by `opml model remove "
            + directory.getFileName()
            + "` and import it again",
        cause);
  }

  /** Records gate figures of a model, unless another one has its name by now. */
  public void record(ModelInfo measured, ModelInfo.Gate gate) throws IOException {
    Path directory = directory(measured.name());
    try (ImportLock _ = ImportLock.take(root, measured.name())) {
      ModelInfo now = info(directory);
      if (!now.weightsRoot().equals(measured.weightsRoot())) {
        throw new IOException(
            "model "
                + measured.name()
                + " was imported again while it was measured: measure it again");
      }
      writeInfo(directory, now.withGate(gate));
    }
  }

  static void writeInfo(Path directory, ModelInfo info) throws IOException {
    Path fresh = directory.resolve(INFO + ".new");
    byte[] json = JSON.writeValueAsBytes(info);
    try (ImageFile out = new ImageFile(fresh, 0, json.length)) {
      out.put(json, 0);
      out.force(); // a rename may reach the disk before what it names
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
    try (ImportLock _ = ImportLock.take(root, name)) {
      return new ModelImport(root, file, name, licence, form).run(progress);
    }
  }
}
