package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import opml.guest.Quantized;
import org.junit.jupiter.api.Test;

/** The table of AVX-512 kernels is made by code that every AVX2 processor runs. */
class TableTest {
  @Test
  void everyIntegerIsInItsPlanes() {
    assumeTrue(Emission.has(Level.AVX2), "code is not emitted here");
    Random r = new Random(1);
    for (Form form : new Form[] {Form.Q4_0, Form.Q8_0}) {
      for (int blocks = 1; blocks < 27; blocks++) {
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment x = arena.allocate(Quantized.bytes(blocks), 64);
          PlaneTable table = new PlaneTable(arena, form, blocks, 2);
          for (int i = 0; i < 32 * blocks; i++) {
            x.setAtIndex(JAVA_SHORT, i, (short) (r.nextInt(0x8000) - 0x4000));
          }
          assertEquals(true, table.take(x, 0, 1, x));
          check(form.nibbles, x, table, blocks);
          int any = r.nextInt(32 * blocks);
          x.setAtIndex(JAVA_SHORT, any, (short) (r.nextBoolean() ? 0x4000 : -0x4001));
          assertEquals(false, table.take(x, 0, 1, x));
        }
      }
    }
  }

  private static void check(boolean nibbles, MemorySegment x, PlaneTable table, int blocks) {
    long size = 2L * Quantized.padded(blocks) / 8 * RowsCode.GROUP_BYTES;
    MemorySegment content = MemorySegment.ofAddress(table.address()).reinterpret(size);
    for (int i = 0; i < 32 * blocks; i++) {
      int b = i / 32 % 8;
      // RowsCode: nibbles of four blocks fill a register, bytes of two
      int at = nibbles ? 256 * (b / 4) + 16 * (b % 4) : 128 * (b / 2) + 32 * (b % 2);
      at += i % 16 + (i % 32 < 16 ? 0 : nibbles ? 64 : 16);
      at += (i / 256 * 2 + 1) * RowsCode.GROUP_BYTES;
      int low = content.get(JAVA_BYTE, at + (nibbles ? 128 : 64));
      int value = 128 * content.get(JAVA_BYTE, at) + low;
      assertEquals(x.getAtIndex(JAVA_SHORT, i), value, nibbles + ", " + blocks + ", value " + i);
    }
  }
}
