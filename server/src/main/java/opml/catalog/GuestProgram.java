package opml.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import opml.guest.Guest;
import opml.guest.Memory;
import opml.perceptron.Perceptron;

/** The guest programs: the image that a model id names, and the same program on the JVM. */
public enum GuestProgram {
  /** Language models: text in, text out. */
  LANGUAGE_MODEL("guest"),
  /** Classifiers of images. */
  PERCEPTRON("perceptron");

  private final String file;

  GuestProgram(String file) {
    this.file = file;
  }

  /** The program that computes models of an architecture ({@link ModelInfo#architecture}). */
  public static GuestProgram of(String architecture) {
    return architecture.equals(PerceptronImporter.ARCHITECTURE) ? PERCEPTRON : LANGUAGE_MODEL;
  }

  /**
   * Runs one operator.
   *
   * @return 0 = YIELD, 1 = EXIT
   */
  public int step(Memory memory) {
    return switch (this) {
      case LANGUAGE_MODEL -> Guest.step(memory);
      case PERCEPTRON -> Perceptron.step(memory);
    };
  }

  /** Content of the CODE region. */
  byte[] code() {
    String name = "/opml/" + file + ".code";
    try (InputStream in = GuestProgram.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path: build shared-vm");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
