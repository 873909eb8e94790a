package opml.inference;

import java.util.Random;
import opml.guest.Header;
import opml.guest.Layout;
import opml.guest.Shape;
import opml.inference.emitted.Emission;
import org.junit.jupiter.api.Test;

class AttentionTwinTest {
  @Test
  void headsHaveTheBitsOfThePlainForm() {
    Random r = new Random(3);
    int[][] shapes = {{4, 2, 32}, {9, 3, 64}, {2, 1, 96}, {3, 3, 128}};
    for (int[] s : shapes) {
      for (int round = 0; round < 24; round++) {
        boolean emitted = round >= 12 && Emission.available();
        Shape shape = new Shape(64, 2, s[0], s[1], s[2], 64, 99, 40, 1e-5f, 1e4, 16383);
        Layout layout = new Layout(shape, 64, 64);
        try (Twins t = new Twins(VectorTwinTest.header(shape, r, 0), 1 + round % 2, emitted)) {
          fill(t, layout, shape, r, round);
          int positions = 1 + r.nextInt(40);
          int layer = r.nextInt(2);
          int first = r.nextInt(s[0]) * s[2];
          int dims = s[0] * s[2] - first;
          int some = round % 3 == 0 ? 32 : dims;
          t.check(
              "heads " + s[0] + " of " + s[2] + ", round " + round,
              m -> {
                m.attend(layer, first, some, positions);
                return 0;
              });
          t.checkRoot();
        }
      }
    }
  }

  private static void fill(Twins t, Layout layout, Shape s, Random r, int round) {
    int cells = s.layers() * s.kvHeads() * s.context();
    for (int i = 0; i < cells * s.headDim() / 2; i++) {
      t.put(layout.at(Header.KEYS) + 4L * i, round % 2 == 0 ? r.nextInt() : 0x0fff0fff);
      t.put(layout.at(Header.VALUES) + 4L * i, r.nextInt());
    }
    int kind = round % 4 == 3 ? 3 : 0;
    for (int i = 0; i < cells; i++) {
      float scale = kind == 0 ? r.nextFloat() * 1e-3f : Samples.value(r, kind);
      t.put(layout.at(Header.KEY_SCALES) + 4L * i, Float.floatToRawIntBits(scale));
      t.put(layout.at(Header.VALUE_SCALES) + 4L * i, Float.floatToRawIntBits(scale * 2));
    }
    for (int i = 0; i < s.heads() * s.headDim() / 2; i++) {
      t.put(layout.at(Header.QUERIES) + 4L * i, r.nextInt());
    }
    for (int h = 0; h < s.heads(); h++) {
      t.put(
          layout.at(Header.QUERY_SCALES) + 4L * h, Float.floatToRawIntBits(r.nextFloat() * 1e-3f));
    }
  }
}
