package opml.inference;

import opml.guest.Control;
import opml.guest.Header;
import opml.guest.Tensor;
import opml.guest.Wire;

/** How many operators the guest needs for a token. */
final class OperatorCount {
  /** Logits that the sampler looks at in one operator; the largest of all is found in one. */
  private static final int SAMPLED = 1 << 16;

  private final int logits;
  private final int fixed;
  private final int[] products; // of a layer
  private final int layers;
  private final int heads;
  private final int headDim;

  OperatorCount(PlainNativeMemory m) {
    layers = m.loadI32(Header.LAYERS);
    heads = m.loadI32(Header.HEADS);
    headDim = m.loadI32(Header.HEAD_DIM);
    long tensors = m.loadI64(Header.TENSORS);
    logits = product(m, tensors + Tensor.OUTPUT * Tensor.BYTES);
    products = new int[layers];
    int all = 0;
    for (int layer = 0; layer < layers; layer++) {
      for (int i = 0; i < Tensor.PER_LAYER; i++) {
        boolean norm = i == Tensor.ATTENTION_NORM || i == Tensor.FFN_NORM;
        int entry = Tensor.LAYERS + layer * Tensor.PER_LAYER + i;
        products[layer] += norm ? 0 : product(m, tensors + (long) entry * Tensor.BYTES);
      }
      all += products[layer];
    }
    // embedding and clear once, the activation in each layer
    fixed = 2 + layers + all;
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
    return fixed + (long) layers * attention(position);
  }

  /**
   * Operators from the first token's boundary to the end of an answer that is as long as it may
   * get.
   */
  long longest(PlainNativeMemory m) {
    int prompt = m.loadI32(Control.PROMPT_TOKENS);
    int completion = Math.min(m.loadI32(Control.MAX_TOKENS), m.loadI32(Header.CONTEXT) - prompt);
    boolean greedy = m.loadF32(Wire.TEMPERATURE) == 0;
    int sampler = greedy ? 1 : (m.loadI32(Header.VOCAB) + SAMPLED - 1) / SAMPLED;
    int text = sampler + 2; // the token's text, then the next token or the answer's header
    long operators = 0;
    for (int position = 0; position < prompt + completion - 1; position++) {
      operators += position < prompt - 1 ? ofToken(position) : toLogits(position) + text;
    }
    return operators;
  }

  /** Operators from the boundary before the token at a position to a layer. */
  long toLayer(int position, int layer) {
    long operators = 1;
    for (int i = 0; i < layer; i++) {
      operators += products[i] + 1 + attention(position);
    }
    return operators;
  }

  /**
   * The layer of an operator of the token at a position, the last one for what follows them all; -1
   * for the embedding.
   */
  int layer(int position, long operator) {
    int layer = -1;
    while (layer + 1 < layers && toLayer(position, layer + 1) <= operator) {
      layer++;
    }
    return layer;
  }

  private int attention(int position) {
    int budget = Header.MAX_ATTENTION / (position + 1) & -32;
    if (budget >= headDim) {
      int headsAtOnce = budget / headDim;
      return (heads + headsAtOnce - 1) / headsAtOnce;
    }
    return heads * ((headDim + budget - 1) / budget);
  }
}
