package opml.translate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import opml.commitment.Merkle;

/**
 * The build step: translates {@code opml.guest.Guest.step} from a directory of classes and writes
 * opml/guest.code, the CODE region's content, and opml/guest.map beside them. A second argument
 * other than none names a file that gets the CODE root.
 */
public final class Main {
  private static final String GUEST = "opml/guest/Guest";
  private static final String STEP = "(Lopml/guest/Memory;)I";

  private Main() {}

  /** Arguments: directory of classes, file for the golden root (or none). */
  public static void main(String[] arguments) throws IOException {
    Path classes = Path.of(arguments[0]);
    Image image = Translator.translate(owner -> read(classes, owner), GUEST, "step", STEP);
    check(image);
    Files.write(classes.resolve("opml/guest.code"), image.code());
    Files.writeString(classes.resolve("opml/guest.map"), image.map());
    if (arguments.length > 1 && !arguments[1].equals("none")) {
      Files.writeString(Path.of(arguments[1]), root(image.code()) + "\n");
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
