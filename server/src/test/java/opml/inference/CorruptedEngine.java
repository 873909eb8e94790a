package opml.inference;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import opml.catalog.ModelImage;
import opml.guest.Header;
import opml.guest.Tensor;
import opml.guest.TokenizerTable;
import opml.machine.Regions;

/** An engine in whose memory bits of the weights have flipped; the image on disk is as it was. */
public final class CorruptedEngine {
  private CorruptedEngine() {}

  /** One bit in each row block of a tensor of each layer, by its index in {@link Tensor}. */
  public static Engine of(ModelImage image, int tensor) {
    MemorySegment good = image.weightsSegment();
    MemorySegment bad = Arena.ofAuto().allocate(good.byteSize(), 64);
    bad.copyFrom(good);
    long tensors = offset(bad, Header.TENSORS);
    int layers = bad.get(ValueLayout.JAVA_INT, at(Header.LAYERS));
    for (int layer = 0; layer < layers; layer++) {
      int entry = Tensor.LAYERS + layer * Tensor.PER_LAYER + tensor;
      long plane = offset(bad, Header.BASE + tensors + (long) entry * Tensor.BYTES + Tensor.PLANES);
      for (int i = 0; i < 64; i++) {
        long byteAt = plane + 16L * i;
        byte was = bad.get(ValueLayout.JAVA_BYTE, byteAt);
        bad.set(ValueLayout.JAVA_BYTE, byteAt, (byte) (was ^ 4));
      }
    }
    return new Engine(image.program(), image.sizes(), bad, 2, image::codeRoot, image::weightsRoot);
  }

  /** The table of tokens' texts begins beyond memory: the guest faults when it writes the first. */
  public static Engine textless(ModelImage image) {
    MemorySegment bad = Arena.ofAuto().allocate(image.weightsSegment().byteSize(), 64);
    bad.copyFrom(image.weightsSegment());
    bad.set(ValueLayout.JAVA_INT, texts(bad), Integer.MAX_VALUE);
    return new Engine(image.program(), image.sizes(), bad, 2, image::codeRoot, image::weightsRoot);
  }

  /** Where in the content of WEIGHTS it is said where the table of tokens' texts begins. */
  public static long texts(MemorySegment weights) {
    return offset(weights, Header.TOKENIZER) + TokenizerTable.AT_TEXT;
  }

  /** NaN in a norm of the second layer: every run ends inside its first token. */
  public static Engine notFinite(ModelImage image) {
    MemorySegment bad = Arena.ofAuto().allocate(image.weightsSegment().byteSize(), 64);
    bad.copyFrom(image.weightsSegment());
    int entry = Tensor.LAYERS + Tensor.PER_LAYER + Tensor.FFN_NORM;
    long tensor = Header.BASE + offset(bad, Header.TENSORS) + (long) entry * Tensor.BYTES;
    bad.set(ValueLayout.JAVA_FLOAT, offset(bad, tensor + Tensor.PLANES), Float.NaN);
    return new Engine(image.program(), image.sizes(), bad, 2, image::codeRoot, image::weightsRoot);
  }

  private static long at(long address) {
    return address & (1L << Regions.SHIFT) - 1;
  }

  private static long offset(MemorySegment weights, long address) {
    return at(weights.get(ValueLayout.JAVA_LONG_UNALIGNED, at(address)));
  }
}
