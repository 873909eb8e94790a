package opml.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.Random;
import opml.commitment.Merkle;
import org.junit.jupiter.api.Test;

class PagedRegionTest {
  /** 64 MiB whose page p holds p in every word, without an array behind it. */
  private static final Pages NUMBERED =
      new Pages() {
        @Override
        public void read(long page, int[] words) {
          Arrays.fill(words, (int) page);
        }

        @Override
        public void node(int height, long index, byte[] out, int off) {
          Merkle.zero(height, out, off);
        }
      };

  private static Pages empty(int size) {
    return new BytePages(new byte[0], size);
  }

  @Test
  void nodesAreThoseOfTheContentAfterAnyWrites() {
    Random r = new Random(5);
    byte[] content = Lab.bytes(21, 40_000);
    PagedRegion region = new PagedRegion(new BytePages(content, 12), 12);
    byte[] now = Arrays.copyOf(content, 131_072);
    for (int round = 0; round < 40; round++) {
      for (int k = r.nextInt(5); k > 0; k--) {
        int word = r.nextInt(now.length / 4);
        int value = r.nextInt();
        region.write(word >> 10)[word & 1023] = value;
        for (int i = 0; i < 4; i++) {
          now[4 * word + i] = (byte) (value >>> 8 * i);
        }
      }
      BytePages expected = new BytePages(now, 12);
      assertArrayEquals(expected.root(), region.root());
      assertArrayEquals(expected.root(), region.copy().root());
      int leaf = r.nextInt(4096);
      assertArrayEquals(Merkle.branch(expected, leaf, 12), Merkle.branch(region, leaf, 12));
    }
    assertArrayEquals(new BytePages(content, 12).root(), region.fresh().root());
  }

  @Test
  void copiesDoNotShareWhatIsWrittenLater() {
    PagedRegion a = new PagedRegion(empty(9), 9);
    a.write(1)[3] = 5;
    PagedRegion b = a.copy();
    a.write(1)[3] = 6;
    b.write(2)[0] = 7;
    assertEquals(5, b.read(1)[3]);
    assertEquals(0, a.read(2)[0]);
    assertFalse(Arrays.equals(a.root(), b.root()));
  }

  @Test
  void pagesDroppedFromTheCacheComeBackAndWritesStay() {
    RegionSizes sizes = new RegionSizes(7, 7, 7, 21, 7, 7);
    Machine m = new Machine(sizes, empty(7), empty(7), empty(7), NUMBERED, empty(7));
    m.proceed(0);
    int load = Asm.i(0x03, 2, 7, 5, 0);
    int store = Asm.s(2, 5, 6, 4);
    int again = Asm.i(0x03, 2, 8, 5, 4);
    long program = 4096L * 16383;
    Lab.poke(m, program, load);
    Lab.poke(m, program + 4, Asm.jal(0, 0));
    Lab.poke(m, program + 8, store);
    Lab.poke(m, program + 12, again);
    for (int page = 0; page < 16_000; page++) {
      run(m, program, 4096L * page, 1);
      assertEquals(page, m.register(7));
      if (page == 50) {
        run(m, program + 8, 4096L * 50, 2);
      }
    }
    run(m, program, 4096L * 15_999, 1); // translated; then its array is dropped below
    for (int page = 0; page < 8200; page++) {
      m.cpu().space.region(0).read(page);
    }
    run(m, program + 8, 4096L * 15_999, 2);
    assertEquals(77, m.register(8), "a load after the store sees it");
    run(m, program + 12, 4096L * 50, 1);
    assertEquals(77, m.register(8));
  }

  private static void run(Machine m, long pc, long x5, int steps) {
    m.proceed(pc);
    Lab.set(m, 5, x5);
    Lab.set(m, 6, 77);
    assertEquals(steps, m.run(steps));
  }
}
