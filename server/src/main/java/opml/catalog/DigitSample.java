package opml.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A handwritten digit that opml-digits did not see in its training (tools/digits/train.py).
 *
 * @param label what the writer meant, 0 to 9
 * @param pixels 28 rows of 28 bytes, 0 is paper
 */
public record DigitSample(int label, byte[] pixels) {
  private static final String FILE = "/opml/models/opml-digits.samples";
  private static final int RECORD = 1 + 28 * 28;

  /** All that we carry, 50, in the order of the file. */
  public static List<DigitSample> all() {
    try (InputStream in = DigitSample.class.getResourceAsStream(FILE)) {
      byte[] file = in.readAllBytes();
      List<DigitSample> samples = new ArrayList<>();
      for (int at = 0; at < file.length; at += RECORD) {
        samples.add(new DigitSample(file[at], Arrays.copyOfRange(file, at + 1, at + RECORD)));
      }
      return samples;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
