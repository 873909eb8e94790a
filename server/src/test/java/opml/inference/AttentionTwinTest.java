package opml.inference;

import java.util.Random;
import opml.guest.Header;
import opml.guest.Layout;
import opml.guest.Shape;
import opml.inference.emitted.Emission;
import opml.inference.emitted.Level;
import org.junit.jupiter.api.Test;

class AttentionTwinTest {
  @Test
  void headsHaveTheBitsOfThePlainForm() {
    Random r = new Random(3);
    int[][] shapes = {{4, 2, 32}, {9, 3, 64}, {2, 1, 96}, {3, 3, 128}, {2, 1, 224}, {2, 2, 256}};
    for (int[] s : shapes) {
      for (int round = 0; round < 32; round++) {
        Shape shape = new Shape(64, 2, s[0], s[1], s[2], 64, 99, 40, 1e-5f, 1e4, 16383);
        int first = r.nextInt(s[0]) * s[2];
        int dims = s[0] * s[2] - first;
        int some = round % 3 == 0 ? 32 : dims;
        check(shape, r, round, first, some, 1 + (round < 8 ? round : r.nextInt(40)));
      }
    }
  }

  @Test
  void partsOfAHeadHaveTheBitsOfThePlainForm() {
    Random r = new Random(4);
    for (int headDim : new int[] {64, 128, 256}) {
      for (int round = 0; round < 24; round++) {
        Shape shape = new Shape(64, 2, 2, 1, headDim, 64, 99, 40, 1e-5f, 1e4, 16383);
        int within = 32 * r.nextInt(headDim / 32);
        int some = 32 * (1 + r.nextInt((headDim - within) / 32));
        check(shape, r, round, headDim * r.nextInt(2) + within, some, 1 + r.nextInt(40));
      }
    }
  }

  @Test
  void longHeadsAreSharedWithoutAnotherBit() {
    Random r = new Random(5);
    for (int round = 0; round < 16; round++) {
      int positions = 505 + r.nextInt(64);
      Shape shape = new Shape(64, 1, 1, 1, 64, 64, 99, 600, 1e-5f, 1e4, 16383);
      boolean second = r.nextBoolean();
      check(shape, r, round, second ? 32 : 0, second || r.nextBoolean() ? 32 : 64, positions);
    }
  }

  private static void check(Shape shape, Random r, int round, int first, int some, int positions) {
    Layout layout = new Layout(shape, 64, 64);
    boolean emitted = round % 4 > 0 && Emission.has(Level.AVX2);
    try (Twins t = new Twins(VectorTwinTest.header(shape, r, 0), 1 + round % 3, emitted)) {
      fill(t, layout, shape, r, round);
      int layer = r.nextInt(shape.layers());
      t.check(
          shape.heads() + " heads of " + shape.headDim() + ", round " + round,
          m -> {
            m.attend(layer, first, some, positions);
            return 0;
          });
      t.checkRoot();
    }
  }

  private static void fill(Twins t, Layout layout, Shape s, Random r, int round) {
    int cells = s.layers() * s.kvHeads() * s.context();
    for (int i = 0; i < cells * s.headDim() / 2; i++) {
      t.put(layout.at(Header.KEYS) + 4L * i, round % 2 == 0 ? r.nextInt() : 0x0fff0fff);
      t.put(layout.at(Header.VALUES) + 4L * i, r.nextInt());
    }
    int kind = round % 8 > 5 ? 3 : 0;
    for (int i = 0; i < cells; i++) {
      float scale = kind == 0 ? r.nextFloat() * 1e-3f : Samples.value(r, kind);
      t.put(layout.at(Header.KEY_SCALES) + 4L * i, Float.floatToRawIntBits(scale));
      t.put(layout.at(Header.VALUE_SCALES) + 4L * i, Float.floatToRawIntBits(scale * 2));
    }
    for (int i = 0; i < s.heads() * s.headDim() / 2; i++) {
      t.put(layout.at(Header.QUERIES) + 4L * i, r.nextInt());
    }
    // what an earlier operator left for the rest of a head
    for (int i = 0; i < s.context(); i++) {
      t.put(layout.at(Header.SCORES) + 4L * i, Float.floatToRawIntBits(Samples.value(r, kind)));
    }
    for (int h = 0; h < s.heads(); h++) {
      t.put(
          layout.at(Header.QUERY_SCALES) + 4L * h, Float.floatToRawIntBits(r.nextFloat() * 1e-3f));
    }
  }
}
