package opml.perceptron;

import opml.guest.Bounds;
import opml.guest.Control;
import opml.guest.Floats;
import opml.guest.Ints;
import opml.guest.Memory;
import opml.guest.Wire;

/** Writes the answer's text: {@code best p0 p1 ...}, the probabilities in thousandths. */
final class Classes {
  private Classes() {}

  /** The status of the answer. */
  static int write(Memory m, int n) {
    int best = m.argmax(PerceptronHeader.VALUES, n);
    float top = m.loadF32(PerceptronHeader.VALUES + ((long) best << 2));
    float sum = 0f;
    for (int i = 0; i < n; i++) {
      Bounds.loop(PerceptronHeader.MAX_CLASSES);
      long at = PerceptronHeader.VALUES + ((long) i << 2);
      float e = Floats.exp(m.loadF32(at) - top);
      m.storeF32(at, e);
      sum += e;
    }
    if (!(sum > 0f && sum < Floats.fromBits(Floats.INFINITE_BITS))) {
      return Wire.NUMERIC;
    }
    float scale = 1000f / sum;
    m.storeI8(Wire.TEXT, '0' + best);
    int length = 1;
    for (int i = 0; i < n; i++) {
      Bounds.loop(PerceptronHeader.MAX_CLASSES);
      float share = m.loadF32(PerceptronHeader.VALUES + ((long) i << 2)) * scale;
      m.storeI8(Wire.TEXT + (long) length, ' ');
      length = number(m, Floats.bits(share + Floats.MAGIC) - Floats.MAGIC_BITS, length + 1);
    }
    m.storeI32(Control.TEXT_LENGTH, length);
    return Wire.STOP;
  }

  /** Writes 0 to 1000 without leading zeros; the length after it. */
  private static int number(Memory m, int value, int length) {
    int at = length;
    int left = value;
    boolean begun = false;
    for (int unit = 1000; unit > 0; unit = Ints.divide(unit, 10)) {
      Bounds.loop(4);
      int digit = Ints.divide(left, unit);
      left -= digit * unit;
      begun = begun || digit > 0 || unit == 1;
      if (begun) {
        m.storeI8(Wire.TEXT + (long) at, '0' + digit);
        at += 1;
      }
    }
    return at;
  }
}
