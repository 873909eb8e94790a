package opml.world;

import java.io.IOException;
import java.nio.file.Path;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.catalog.Progress;
import org.junit.jupiter.api.Assumptions;

/** A published model, fetched once for the tests of this checkout; without a network they skip. */
public final class LargeModel {
  public static final String NAME = "SmolLM2-135M-Instruct";
  private static final Path HOME = Path.of("target/large-model").toAbsolutePath();

  private LargeModel() {}

  /** The home folder whose store holds it. */
  public static Path home() {
    open().close();
    return HOME;
  }

  public static synchronized ModelImage open() {
    try {
      return new ModelStore(HOME).open(NAME, Progress.NONE);
    } catch (IOException e) {
      return Assumptions.abort(NAME + " cannot be had: " + e.getMessage());
    }
  }
}
