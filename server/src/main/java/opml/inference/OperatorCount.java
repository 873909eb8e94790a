package opml.inference;

import opml.guest.Header;
import opml.guest.Tensor;

/** How many operators the guest needs for a token. */
final class OperatorCount {
  private final int logits;
  private final int fixed;
  private final int layers;
  private final int heads;
  private final int headDim;

  OperatorCount(PlainNativeMemory m) {
    layers = m.loadI32(Header.LAYERS);
    heads = m.loadI32(Header.HEADS);
    headDim = m.loadI32(Header.HEAD_DIM);
    long tensors = m.loadI64(Header.TENSORS);
    logits = product(m, tensors + Tensor.OUTPUT * Tensor.BYTES);
    int products = 0;
    for (int layer = 0; layer < layers; layer++) {
      for (int i = 0; i < Tensor.PER_LAYER; i++) {
        boolean norm = i == Tensor.ATTENTION_NORM || i == Tensor.FFN_NORM;
        int entry = Tensor.LAYERS + layer * Tensor.PER_LAYER + i;
        products += norm ? 0 : product(m, tensors + (long) entry * Tensor.BYTES);
      }
    }
    // embedding and clear once, the activation in each layer
    fixed = 2 + layers + products;
  }

  private static int product(PlainNativeMemory m, long tensor) {
    int groups = ((m.loadI32(tensor + Tensor.COLUMNS) >> 5) + 7) >> 3;
    int rows = m.loadI32(tensor + Tensor.ROWS);
    int most = rows == 0 ? 1 : Header.MAX_GROUPS / groups;
    return (rows + most - 1) / most;
  }

  /** Operators from the boundary before the token at a position to its logits. */
  long toLogits(int position) {
    return ofToken(position) - 1 + logits;
  }

  /** Operators from boundary to boundary of a token that is not sampled from. */
  long ofToken(int position) {
    int budget = Header.MAX_ATTENTION / (position + 1) & -32;
    int attention;
    if (budget >= headDim) {
      int headsAtOnce = budget / headDim;
      attention = (heads + headsAtOnce - 1) / headsAtOnce;
    } else {
      attention = heads * ((headDim + budget - 1) / budget);
    }
    return fixed + (long) layers * attention;
  }
}
