package opml.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every instruction of the published images is executed at its place, by the machine and by the
 * stateless verifier, the guards that no run reaches included.
 */
class ImageInstructionsTest {
  private static final RegionSizes SIZES = new RegionSizes(11, 3, 9, 9, 6, 7);
  private static final int TIMES = 3;

  @ParameterizedTest
  @ValueSource(strings = {"guest", "perceptron"})
  void eachIsExecutedByBoth(String program) throws IOException {
    byte[] code;
    try (InputStream in = Machine.class.getResourceAsStream("/opml/" + program + ".code")) {
      code = in.readAllBytes();
    }
    IntBuffer words = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    assertTrue(words.limit() > 1000, "the image is there");
    Machine machine = machine(code);
    Random random = new Random(21);
    for (int i = 0; i < words.limit(); i++) {
      for (int time = 0; time < TIMES; time++) {
        machine.proceed(Regions.base(Regions.CODE) + 4L * i);
        registers(machine, random, words.get(i));
        Lab.step(machine, false);
        boolean stops = words.get(i) == 0x00000073; // ecall
        boolean runs = machine.status() == Machine.RUNNING;
        assertEquals(!stops, runs, program + " word " + i + ": " + machine.faultReason());
      }
    }
  }

  private static Machine machine(byte[] code) {
    return new Machine(
        SIZES,
        new BytePages(code, SIZES.of(Regions.CODE)),
        new BytePages(Lab.bytes(2, 200), SIZES.of(Regions.INPUT)),
        new BytePages(Lab.bytes(3, 16384), SIZES.of(Regions.WEIGHTS)),
        new BytePages(Lab.bytes(4, 9000), SIZES.of(Regions.STATE)),
        new BytePages(new byte[0], SIZES.of(Regions.OUTPUT)));
  }

  /** Any registers, but an address inside STATE where the instruction uses one. */
  private static void registers(Machine machine, Random random, int word) {
    for (int i = 1; i < 32; i++) {
      Lab.set(machine, i, RandomWords.register(random));
    }
    for (int i = 0; i < 32; i++) {
      machine.cpu().v[i] = (byte) random.nextInt();
    }
    Lab.set(machine, 17, random.nextInt(2)); // a7: YIELD or EXIT
    int store = word >> 25 << 5 | word >>> 7 & 31;
    int immediate =
        switch (word & 127) {
          case 0x03, 0x0b -> word >> 20;
          case 0x23 -> store;
          default -> 0;
        };
    boolean memory = (word & 127) == 0x03 || (word & 127) == 0x0b || (word & 127) == 0x23;
    if (memory && (word >>> 15 & 31) != 0) {
      Lab.set(machine, word >>> 15 & 31, 4096 + 32L * random.nextInt(64) - immediate);
    }
  }
}
