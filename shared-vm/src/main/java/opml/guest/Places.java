package opml.guest;

/**
 * Checks that the header places everything in STATE as {@link Layout} does and reads tables from
 * WEIGHTS only: overlapping areas could change the numbers that loops run to (INV-02).
 */
final class Places {
  private Places() {}

  /** Whether the header's addresses are right; its numbers are within the caps. */
  static boolean good(Memory m) {
    int kvHeads = m.loadI32(Header.KV_HEADS);
    int context = m.loadI32(Header.CONTEXT);
    long keyRows = (long) (m.loadI32(Header.LAYERS) * kvHeads) * context;
    long keyBytes = keyRows * (m.loadI32(Header.HEAD_DIM) << 1);
    long start = next(m, Header.TOKENS, Control.BYTES, (long) context << 2);
    long at = activations(m, start, kvHeads);
    boolean good = at > 0 && m.loadI64(Header.ACTIVATION_BYTES) == at - start;
    at = next(m, Header.TOKENIZER_STATE, at, TokenizerState.BYTES);
    at = next(m, Header.KEYS, at, keyBytes);
    at = next(m, Header.KEY_SCALES, at, keyRows << 2);
    at = next(m, Header.VALUES, at, keyBytes);
    at = next(m, Header.VALUE_SCALES, at, keyRows << 2);
    return good
        && at > 0
        && m.loadI64(Header.TENSORS) >> 40 == 3L
        && m.loadI64(Header.ROPE) >> 40 == 3L
        && m.loadI64(Header.TOKENIZER) >> 40 == 3L;
  }

  private static long activations(Memory m, long start, int kvHeads) {
    int heads = m.loadI32(Header.HEADS);
    int headDim = m.loadI32(Header.HEAD_DIM);
    int inner = heads * headDim;
    int ffn = m.loadI32(Header.FFN);
    int dim = m.loadI32(Header.DIM);
    long vector = (long) dim << 2;
    long at = next(m, Header.ACTIVATIONS, start, 0L);
    at = next(m, Header.HIDDEN, at, vector);
    at = next(m, Header.NORMED, at, vector);
    at = next(m, Header.INPUT, at, Quantized.bytes(dim >> 5));
    at = next(m, Header.PROJECTED, at, (long) ((heads + 2 * kvHeads) * headDim) << 2);
    at = next(m, Header.QUERIES, at, (long) inner << 1);
    at = next(m, Header.QUERY_SCALES, at, (long) heads << 2);
    at = next(m, Header.SCORES, at, (long) Header.MAX_SCORES << 2);
    at = next(m, Header.MIXED, at, (long) inner << 2);
    at = next(m, Header.MIXED_INPUT, at, Quantized.bytes(inner >> 5));
    at = next(m, Header.DELTA, at, vector);
    at = next(m, Header.GATED, at, (long) ffn << 3);
    at = next(m, Header.GATED_INPUT, at, Quantized.bytes(ffn >> 5));
    at = next(m, Header.LOGITS, at, (long) m.loadI32(Header.VOCAB) << 2);
    return next(m, Header.SAMPLER_STATE, at, Sampler.BYTES);
  }

  /** The address behind an area, or -1 when the area or an earlier one is misplaced. */
  private static long next(Memory m, long field, long at, long bytes) {
    return at >= 0 && m.loadI64(field) == at ? (at + bytes + 63) & -64L : -1L;
  }
}
