package opml.translate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import opml.commitment.Merkle;

/**
 * The build step: translates the guest programs from a directory of classes and writes
 * opml/NAME.code, the CODE region's content, and opml/NAME.map beside them. A second argument other
 * than none names a directory that gets the CODE roots.
 */
public final class Main {
  private Main() {}

  /** Arguments: directory of classes, directory for the golden roots (or none). */
  public static void main(String[] arguments) throws IOException {
    Path classes = Path.of(arguments[0]);
    for (GuestProgram guest : GuestProgram.values()) {
      Image image = guest.image(owner -> read(classes, owner));
      check(image);
      Files.write(classes.resolve("opml/" + guest.file() + ".code"), image.code());
      Files.writeString(classes.resolve("opml/" + guest.file() + ".map"), image.map());
      if (arguments.length > 1 && !arguments[1].equals("none")) {
        Path golden = Path.of(arguments[1], guest.file() + ".root");
        Files.writeString(golden, root(image.code()) + "\n");
      }
    }
  }

  /** INV-02: refuses an image with an operator over the budget, and says which calls cost it. */
  static void check(Image image) {
    if (image.worst() >= Translator.BUDGET) {
      throw new SubsetException(
          image.symbols().getFirst().name(),
          "an operator may take "
              + image.worst()
              + " instructions, allowed are fewer than "
              + Translator.BUDGET
              + " (INV-02): split it, or bound its loops tighter\n"
              + String.join("\n", image.chain()));
    }
  }

  private static byte[] read(Path classes, String owner) {
    Path file = classes.resolve(owner + ".class");
    try {
      return Files.exists(file) ? Files.readAllBytes(file) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Root of the smallest CODE region that holds the image, in hex. */
  static String root(byte[] code) {
    int height = 0;
    while (32L << height < code.length) {
      height++;
    }
    return HexFormat.of().formatHex(Merkle.root(code, height));
  }
}
