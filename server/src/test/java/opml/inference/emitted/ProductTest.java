package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import opml.guest.Header;
import opml.guest.Quantized;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One vector alone is compared with the plain form elsewhere; here vectors together with it. */
class ProductTest {
  private static final int HEADER = Header.BYTES;

  @ParameterizedTest
  @EnumSource
  void vectorsTogetherGiveTheBitsOfEachAlone(Form form) {
    assumeTrue(Emission.has(Level.AVX2), "this processor runs no emitted kernels");
    Random r = new Random(form.ordinal());
    int[] lengths =
        form.superBlocks() ? new int[] {8, 24} : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 18, 47};
    for (int blocks : lengths) {
      for (int vectors = 2; vectors <= Product.MAX_VECTORS; vectors++) {
        compare(r, form, blocks, vectors, PanelKernel.ROWS + r.nextInt(40));
      }
    }
  }

  private static void compare(Random r, Form form, int blocks, int vectors, int rows) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment weights = random(arena, r, HEADER + 1024 + rows * blocks * 40);
      weights.asSlice(Header.ONES - Header.BASE, 32).fill((byte) 1);
      long quants = weights.address() + HEADER;
      long scales = quants + (long) rows * blocks * form.blockBytes();
      long minima = scales + 2L * rows * blocks;
      for (long i = scales - weights.address(); i + 1 < weights.byteSize(); i += 2) {
        // small and finite where they are read as f16
        weights.set(JAVA_SHORT, i, (short) (weights.get(JAVA_SHORT, i) & 0xafff));
      }
      MemorySegment[] x = new MemorySegment[vectors];
      MemorySegment arguments = Product.arguments(arena);
      MemorySegment alone = arena.allocate(4L * rows * vectors, 64);
      MemorySegment together = arena.allocate(4L * rows * vectors, 64);
      Table all = Table.of(arena, form, blocks, vectors);
      for (int v = 0; v < vectors; v++) {
        x[v] = vector(arena, r, blocks, !RowsKernel.bytePlanes(form));
        all.take(x[v], 0, v, weights);
        Table one = Table.of(arena, form, blocks, 1);
        one.take(x[v], 0, 0, weights);
        long to = alone.address() + 4L * rows * v;
        Product kernel = Product.of(form, blocks, 1);
        kernel.run(arguments, quants, scales, minima, one.address(), to, 0, rows);
      }
      long to = together.address();
      Product kernel = Product.of(form, blocks, vectors);
      kernel.run(arguments, quants, scales, minima, all.address(), to, 4L * rows, rows);
      String what = form + ", " + blocks + " blocks, " + vectors + " vectors";
      assertEquals(-1, alone.mismatch(together), what);
    }
  }

  private static MemorySegment random(Arena arena, Random r, int bytes) {
    byte[] content = new byte[bytes];
    r.nextBytes(content);
    MemorySegment s = arena.allocate(bytes, 64);
    s.copyFrom(MemorySegment.ofArray(content));
    return s;
  }

  /** Values of 15 bits, or any: sums wrap in all forms alike, but planes of bytes hold 15. */
  private static MemorySegment vector(Arena arena, Random r, int blocks, boolean any) {
    MemorySegment x = arena.allocate(Quantized.bytes(blocks), 64);
    for (int b = 0; b < blocks; b++) {
      int sum = 0;
      for (int i = 0; i < 32; i++) {
        int q = any ? r.nextInt() >> 16 : r.nextInt(32767) - 16383;
        x.set(JAVA_SHORT, 64L * b + 2L * i, (short) q);
        sum += q;
      }
      x.set(JAVA_FLOAT, Quantized.scales(0, blocks) + 4L * b, r.nextFloat());
      x.set(JAVA_INT, Quantized.sums(0, blocks) + 4L * b, sum);
    }
    return x;
  }
}
