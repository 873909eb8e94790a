package opml.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32;
import opml.catalog.ActivationForm;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.catalog.Progress;
import opml.catalog.Synthesis;
import opml.guest.Header;
import opml.guest.Tensor;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Imported matrices have the values that llama.cpp reads from the same file. */
class WeightRowTest {
  @TempDir Path folder;

  /**
   * The checksums are those of the floats that {@code gguf.quants.dequantize} of the Python package
   * gguf 0.19 makes of blk.1.ffn_down.weight of the same file, each plus 0 (no -0).
   */
  @ParameterizedTest
  @CsvSource({
    "Q8_0, 01b8cb26",
    "Q4_0, e507aa1c",
    "Q4_1, bf959842",
    "Q5_0, 0bce647c",
    "Q5_1, 6951d732",
    "Q2_K, e43597aa",
    "Q3_K, d1797873",
    "Q4_K, 0d4af93e",
    "Q5_K, e89f1932",
    "Q6_K, c9a4fd55"
  })
  void valuesAreThoseOfTheFile(String type, String checksum) throws IOException {
    Path file = folder.resolve("m.gguf");
    Synthesis.write(file, "tiny", type, 1, Progress.NONE);
    ModelStore store = new ModelStore(folder);
    store.importFile(file, "m", null, ActivationForm.EXACT, Progress.NONE);
    CRC32 crc = new CRC32();
    try (ModelImage image = store.open("m", Progress.NONE)) {
      long tensors = ModelTables.i64(image.weightsSegment(), Header.TENSORS);
      int index = Tensor.LAYERS + Tensor.PER_LAYER + Tensor.DOWN;
      float[] row = new float[512];
      ByteBuffer bytes = ByteBuffer.allocate(4 * row.length).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < 256; i++) {
        WeightRow.read(image.weightsSegment(), tensors + (long) index * Tensor.BYTES, i, row);
        bytes.clear();
        for (float value : row) {
          bytes.putFloat(value + 0f);
        }
        crc.update(bytes.array());
      }
    }
    assertEquals(checksum, String.format("%08x", crc.getValue()));
  }
}
