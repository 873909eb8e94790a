package opml.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import opml.catalog.ActivationForm;
import opml.catalog.Catalogue;
import opml.catalog.GuestProgram;
import opml.catalog.ModelImage;
import opml.catalog.ModelInfo;
import opml.catalog.ModelStore;
import picocli.CommandLine.Option;

/** {@code --model}: a name in the store or the catalogue, or a GGUF file. */
final class ModelOption {
  private static final String SPARE = "opml-tiny";

  @Option(
      names = "--model",
      paramLabel = "NAME|FILE.gguf",
      description = "A model by name, or a file (default: the catalogue's standard model).")
  private String model;

  /** The option as given, or null. */
  String wanted() {
    return model;
  }

  ModelImage open() throws IOException {
    ModelStore store = ModelStore.standard();
    if (model != null) {
      return measured(store, model);
    }
    String standard = Catalogue.standard().standardName();
    try {
      return measured(store, standard);
    } catch (IOException e) {
      System.err.println(standard + " cannot be had (" + e.getMessage() + "); using " + SPARE);
      return measured(store, SPARE);
    }
  }

  /** Opens a model; one that is imported by this has its precision measured. */
  static ModelImage measured(ModelStore store, String model) throws IOException {
    int before = store.list().size();
    ModelImage image = open(store, model);
    if (store.list().size() > before) {
      Gate.ensure(store, image, System.err::println);
    }
    return image;
  }

  /** Refuses a name or file that is not there, before time is spent on anything else. */
  void check() throws IOException {
    if (model != null && file(model) == null) {
      ModelStore.standard().requireKnown(model);
    }
  }

  /** The same, where only a language model will do. */
  ModelImage openText() throws IOException {
    return text(open());
  }

  static ModelImage openText(ModelStore store, String model) throws IOException {
    return text(open(store, model));
  }

  static ModelImage text(ModelImage image) {
    if (image.program() != GuestProgram.LANGUAGE_MODEL) {
      image.close();
      throw new IllegalArgumentException(
          "--model is " + image.name() + ", which reads images: name a language model");
    }
    return image;
  }

  static ModelImage open(ModelStore store, String model) throws IOException {
    Path file = file(model);
    return store.open(
        file == null ? model : imported(store, file, ActivationForm.EXACT), Out.progress());
  }

  /** The argument as an address of a file, or null. */
  static URI address(String model) {
    if (!model.matches("https?://.*")) {
      return null;
    }
    try {
      return new URI(model);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(model + " is no address: " + e.getReason(), e);
    }
  }

  /** The argument as a file, or null when it is a name. */
  static Path file(String model) {
    boolean looksLikeFile = model.endsWith(".gguf") || model.contains("/");
    Path path = looksLikeFile ? Path.of(model) : null;
    if (address(model) != null) {
      throw new IllegalArgumentException(
          model + " is an address: fetch it first by `opml model import URL --sha256 HEX`");
    }
    if (path != null && !Files.isRegularFile(path)) {
      throw new IllegalArgumentException(model + " is not a file: check the path");
    }
    return path;
  }

  /** Name under which a file is in the store in a form; imports it when it isn't there. */
  static String imported(ModelStore store, Path file, ActivationForm form) throws IOException {
    String name = form == ActivationForm.EXACT ? name(file) : name(file) + "-" + form;
    long bytes = Files.size(file);
    List<ModelInfo> alike =
        store.list().stream()
            .filter(info -> info.fileBytes() == bytes && form.toString().equals(info.form()))
            .toList();
    if (!alike.isEmpty() || store.has(name)) { // else the file need not be read once more
      String sha = Digests.sha256(file);
      for (ModelInfo info : alike) {
        if (sha.equals(info.sha256())) {
          return info.name();
        }
      }
      if (store.has(name)) {
        name = name + "-" + sha.substring(0, 8);
      }
    }
    store.importFile(file, name, null, form, Out.progress());
    return name;
  }

  static String name(Path file) {
    Path last = file.getFileName(); // none in an address without a path
    String base = last == null ? "" : last.toString().replaceFirst("\\.gguf$", "");
    String clean = base.replaceAll("[^A-Za-z0-9._-]", "-").replaceFirst("^[^A-Za-z0-9]+", "");
    return clean.isEmpty() ? "model" : clean.substring(0, Math.min(90, clean.length()));
  }
}
