package opml.translate;

import java.util.function.Function;

/** What becomes an image: a class with a method {@code static int step(Memory)}. */
enum GuestProgram {
  /** Language models. */
  GUEST("guest", "opml/guest/Guest"),
  /** Classifiers of images. */
  PERCEPTRON("perceptron", "opml/perceptron/Perceptron");

  private final String file;
  private final String owner;

  GuestProgram(String file, String owner) {
    this.file = file;
    this.owner = owner;
  }

  /** What its files are called: opml/NAME.code, opml/NAME.map, opml/NAME.root. */
  String file() {
    return file;
  }

  /**
   * Translates it.
   *
   * @param classes class file of an internal name, null when there is none
   */
  Image image(Function<String, byte[]> classes) {
    return Translator.translate(classes, owner, "step", "(Lopml/guest/Memory;)I");
  }
}
