package opml.translate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import opml.guest.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The images of the guest programs: reproducible, under budget, with a known root and known cost.
 */
class GuestImageTest {
  private static Image image(GuestProgram guest) {
    return guest.image(Twin::resource);
  }

  private static byte[] file(String name) throws IOException {
    try (InputStream in = GuestImageTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  @ParameterizedTest
  @EnumSource
  void isTheSameEachTimeAndTheOneOfTheBuild(GuestProgram guest) throws IOException {
    Image image = image(guest);
    assertArrayEquals(image.code(), image(guest).code());
    assertArrayEquals(image.code(), file("/opml/" + guest.file() + ".code"));
    String map = new String(file("/opml/" + guest.file() + ".map"), StandardCharsets.UTF_8);
    assertEquals(image.map(), map);
  }

  /** INV-02, with the room that the build asks for. */
  @ParameterizedTest
  @EnumSource
  void keepsEveryOperatorUnderTheBudget(GuestProgram guest) {
    assertTrue(image(guest).worst() < Translator.BUDGET);
  }

  @ParameterizedTest
  @EnumSource
  void hasTheGoldenRoot(GuestProgram guest) throws IOException {
    assertEquals(
        new String(file("/opml/" + guest.file() + ".root"), StandardCharsets.UTF_8).strip(),
        Main.root(image(guest).code()),
        "the guest's code changed: a new model identity. If that is meant, run: mvn -pl shared-vm"
            + " process-classes -Dopml.roots=src/main/resources/opml");
  }

  /** Instructions that eight blocks of 32 weights add to a row. */
  @Test
  void aBlockOfEachFormatTakesFewInstructions() {
    assertTrue(eightBlocks(Tensor.Q8_0) <= 8 * 13, "Q8_0 " + eightBlocks(Tensor.Q8_0));
    assertTrue(eightBlocks(Tensor.Q4_0) <= 8 * 16, "Q4_0 " + eightBlocks(Tensor.Q4_0));
    assertTrue(eightBlocks(Tensor.Q4_1) <= 8 * 21, "Q4_1 " + eightBlocks(Tensor.Q4_1));
    assertTrue(eightBlocks(Tensor.Q5_1) <= 8 * 21, "Q5_1 " + eightBlocks(Tensor.Q5_1));
    assertTrue(eightBlocks(Tensor.Q4_K) <= 8 * 20, "Q4_K " + eightBlocks(Tensor.Q4_K));
    assertTrue(eightBlocks(Tensor.Q5_K) <= 8 * 20, "Q5_K " + eightBlocks(Tensor.Q5_K));
    assertTrue(eightBlocks(Tensor.Q6_K) <= 8 * 17, "Q6_K " + eightBlocks(Tensor.Q6_K));
    assertTrue(eightBlocks(Tensor.Q3_K) <= 8 * 23, "Q3_K " + eightBlocks(Tensor.Q3_K));
    assertTrue(eightBlocks(Tensor.Q2_K) <= 8 * 29, "Q2_K " + eightBlocks(Tensor.Q2_K));
  }

  private static long eightBlocks(int type) {
    return steps(type, 16) - steps(type, 8);
  }

  private static long steps(int type, int blocks) {
    Twin twin = new Twin(Map.of(), Twin.MEMORY, "matrix", "(JIIJJ)V");
    ByteBuffer state = ByteBuffer.allocate(Twin.STATE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    state.putLong(128).putLong(0).putLong(1).putLong(2240).putLong(3584);
    state.putInt(128 + Tensor.TYPE, type).putInt(128 + Tensor.ROWS, 1);
    state.putInt(128 + Tensor.COLUMNS, blocks * 32);
    for (int plane = 0; plane < 3; plane++) {
      state.putLong(128 + Tensor.PLANES + 8 * plane, 1024 + 512 * plane);
    }
    twin.inVm(state.array());
    return twin.steps;
  }
}
