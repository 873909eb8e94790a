package opml.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Stream;
import opml.guest.Shape;
import opml.perceptron.PerceptronHeader;

/**
 * One import of a file into the store, by whoever holds the {@link ImportLock} of its name: written
 * in a folder of its own, which takes the model's place when all of it is on the disk.
 */
final class ModelImport {
  static final String JOURNAL = "import.journal";

  private static final int LICENCE = 200; // characters

  private final Place place;
  private final Path file;
  private final String name;
  private final String licence;
  private final ActivationForm form;
  private final Path fresh;

  /**
   * An import that has not begun.
   *
   * @param root folder of the models
   * @param licence or null to take the file's word
   */
  ModelImport(Path root, Path file, String name, String licence, ActivationForm form) {
    this.place = new Place(root, name);
    this.file = file;
    this.name = name;
    this.licence = licence;
    this.form = form;
    this.fresh = place.fresh();
  }

  ModelInfo run(Progress progress) throws IOException {
    place.mend();
    Revision source = Revision.of(file);
    try (Gguf gguf = Gguf.open(file)) {
      return imported(gguf, source, progress);
    } catch (InternalError e) { // what a mapping throws where its file ends or cannot be read
      source.check();
      throw new IOException(
          file + " or what is made of it in " + fresh + " could not be read: check the disk", e);
    }
  }

  private ModelInfo imported(Gguf gguf, Revision source, Progress progress) throws IOException {
    try {
      if (!gguf.text("general.architecture", "missing").equals(PerceptronImporter.ARCHITECTURE)) {
        return languageModel(gguf, source, progress);
      }
      if (form != ActivationForm.EXACT) {
        throw new IllegalArgumentException("a perceptron has the exact form only");
      }
      return perceptron(gguf, source, progress);
    } catch (GgufException e) {
      throw new GgufException(file + ": " + e.getMessage());
    }
  }

  /** A line that people read: other characters of a file could steer their terminal. */
  private String licence(Gguf gguf) {
    String said = licence == null ? gguf.text("general.license", "unknown") : licence;
    String line = said.replaceAll("\\p{C}", "?");
    return line.substring(0, Math.min(LICENCE, line.length()));
  }

  private ModelInfo perceptron(Gguf gguf, Revision source, Progress progress) throws IOException {
    PerceptronImporter importer = new PerceptronImporter(gguf);
    String licence = licence(gguf);
    byte[] weights = importer.weights();
    Place.delete(fresh);
    Files.createDirectories(fresh);
    Path content = fresh.resolve(ModelStore.WEIGHTS);
    try (ImageFile out = new ImageFile(content, 0, weights.length)) {
      out.put(weights, 0);
      out.force();
    }
    try (WeightsTree tree = WeightsTree.create(content, fresh.resolve(ModelStore.TREE), progress)) {
      return settle(
          source,
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
              source.size(),
              weights.length,
              tree.size(),
              PerceptronHeader.STATE_SIZE,
              hex(tree.root()),
              null));
    }
  }

  private ModelInfo languageModel(Gguf gguf, Revision source, Progress progress)
      throws IOException {
    Importer importer = new Importer(gguf);
    Shape shape = importer.shape(form);
    String licence = licence(gguf);
    Path journal = fresh.resolve(JOURNAL);
    Path weights = fresh.resolve(ModelStore.WEIGHTS);
    Path nodes = fresh.resolve(ModelStore.TREE);
    if (!Stream.of(journal, weights, nodes).allMatch(p -> Files.exists(p))) {
      Place.delete(fresh);
    }
    try (SourceDigest digest = new SourceDigest(source)) {
      ImageWriter.Written written;
      try {
        written =
            importer.write(weights, nodes, new Journal(journal, source), shape, digest, progress);
      } catch (GgufException e) {
        Place.delete(fresh); // another try of this file would end the same way
        throw e;
      }
      return settle(
          source,
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
              digest.hex(progress),
              source.size(),
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

  /** Shows what is finished under its name, in place of what was there. */
  private ModelInfo settle(Revision source, ModelInfo info) throws IOException {
    source.check();
    ModelStore.writeInfo(fresh, info);
    Files.deleteIfExists(fresh.resolve(JOURNAL)); // not after the move: a kill would leave it there
    place.exchange();
    return info;
  }
}
