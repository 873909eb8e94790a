package opml.inference;

import opml.guest.Header;
import opml.guest.Quantized;
import opml.guest.Tensor;

/** The model's numbers, and where the activations of one token of a batch lie: byte offsets. */
final class LaneLayout {
  final int dim;
  final int layers;
  final int heads;
  final int kvHeads;
  final int headDim;
  final int ffn;
  final int context;
  final int vocab;
  final int limit;
  final int headLimit;
  final int inner;
  final int hidden;
  final int normed;
  final int input;
  final int projected;
  final int queries;
  final int queryScales;
  final int mixed;
  final int mixedInput;
  final int delta;
  final int gated;
  final int gatedInput;

  /** Size of it all. */
  final int bytes;

  private int end;

  LaneLayout(PlainNativeMemory m) {
    dim = m.loadI32(Header.DIM);
    layers = m.loadI32(Header.LAYERS);
    heads = m.loadI32(Header.HEADS);
    kvHeads = m.loadI32(Header.KV_HEADS);
    headDim = m.loadI32(Header.HEAD_DIM);
    ffn = m.loadI32(Header.FFN);
    context = m.loadI32(Header.CONTEXT);
    vocab = m.loadI32(Header.VOCAB);
    limit = m.loadI32(Header.LIMIT);
    headLimit = m.loadI32(Header.HEAD_LIMIT);
    inner = heads * headDim;
    hidden = place(4 * dim);
    normed = place(4 * dim);
    input = place(Quantized.bytes(dim / 32));
    projected = place(4 * (heads + 2 * kvHeads) * headDim);
    queries = place(2 * inner);
    queryScales = place(4 * heads);
    mixed = place(4 * inner);
    mixedInput = place(Quantized.bytes(inner / 32));
    delta = place(4 * dim);
    gated = place(8 * ffn);
    gatedInput = place(Quantized.bytes(ffn / 32));
    bytes = end;
  }

  /** Address of the descriptor of a layer's first tensor. */
  long tensors(PlainNativeMemory m, int layer) {
    int first = Tensor.LAYERS + layer * Tensor.PER_LAYER;
    return m.loadI64(Header.TENSORS) + (long) first * Tensor.BYTES;
  }

  private int place(int size) {
    int at = end;
    end = (end + size + 63) & -64;
    return at;
  }
}
