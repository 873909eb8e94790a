package opml.inference;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.S2I;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;
import opml.guest.Floats;

/**
 * From block sums to the row's float: lane b mod 8 ascending, then the fixed tree (docs/protocol.md
 * section 8). Blocks past a row's end have scale 0 here and add 0, which changes no lane: a lane is
 * never -0. All 16-bit patterns widen to finite floats, so what lies there does not matter.
 */
final class Terms {
  static final VectorSpecies<Float> F = FloatVector.SPECIES_256;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_256;
  private static final VectorSpecies<Short> H = ShortVector.SPECIES_128;
  private static final int PAD = Sums.PAD;

  private Terms() {}

  /** Rows of t = (float) (d - bias) * (dw * dx). */
  static void scaled(
      MemorySegment w,
      long s,
      Activation x,
      int[] bias,
      Scratch t,
      MemorySegment y,
      long out,
      int rows) {
    for (int r = 0; r < rows; r++) {
      FloatVector a = FloatVector.zero(F);
      int o = PAD + r * x.blocks;
      for (int b = 0; b < x.blocks; b += 8) {
        IntVector i = IntVector.fromArray(I, t.sums, o + b).sub(IntVector.fromArray(I, bias, b));
        a = a.add(floats(i).mul(halves(w, s + 2L * b).mul(FloatVector.fromArray(F, x.scale, b))));
      }
      s += 2L * x.blocks;
      a.intoArray(t.lanes, 0);
      y.set(JAVA_INT, out + 4L * r, Floats.bits(tree(t.lanes)));
    }
  }

  /** Rows of t = (float) d * (dw * dx) + m * (dx * S). */
  static void shifted(
      MemorySegment w,
      long s,
      long m,
      Activation x,
      int[] bias,
      Scratch t,
      MemorySegment y,
      long out,
      int rows) {
    for (int r = 0; r < rows; r++) {
      FloatVector a = FloatVector.zero(F);
      int o = PAD + r * x.blocks;
      for (int b = 0; b < x.blocks; b += 8) {
        IntVector i = IntVector.fromArray(I, t.sums, o + b).sub(IntVector.fromArray(I, bias, b));
        FloatVector f =
            floats(i).mul(halves(w, s + 2L * b).mul(FloatVector.fromArray(F, x.scale, b)));
        a = a.add(f.add(halves(w, m + 2L * b).mul(FloatVector.fromArray(F, x.scaledSum, b))));
      }
      s += 2L * x.blocks;
      m += 2L * x.blocks;
      a.intoArray(t.lanes, 0);
      y.set(JAVA_INT, out + 4L * r, Floats.bits(tree(t.lanes)));
    }
  }

  static float tree(float[] a) {
    return ((a[0] + a[4]) + (a[2] + a[6])) + ((a[1] + a[5]) + (a[3] + a[7]));
  }

  private static FloatVector floats(IntVector i) {
    return (FloatVector) i.convertShape(I2F, F, 0);
  }

  /** Eight f16 widened, exact for every finite value: exponent and mantissa moved, times 2^112. */
  private static FloatVector halves(MemorySegment w, long at) {
    IntVector h =
        (IntVector) ShortVector.fromMemorySegment(H, w, at, LITTLE_ENDIAN).convertShape(S2I, I, 0);
    return h.lanewise(LSHL, 13).and(0x8fffe000).reinterpretAsFloats().mul(0x1p112f);
  }
}
