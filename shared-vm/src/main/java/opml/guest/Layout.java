package opml.guest;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Places everything in STATE for a model: the addresses that the importer writes into the header.
 * Control block, tokens and activations come first, then the tokenizer's area, the key/value cache
 * last; everything is 64-byte aligned.
 */
public final class Layout {
  private final Map<Long, Long> fields = new LinkedHashMap<>();
  private long end = Control.BYTES;

  /**
   * Plans STATE.
   *
   * @param tokenizerBytes size of the tokenizer's area
   * @param samplerBytes size of the sampler's area
   */
  public Layout(Shape s, long tokenizerBytes, long samplerBytes) {
    long cache = (long) s.layers() * s.kvHeads() * s.context();
    int inner = s.heads() * s.headDim();
    place(Header.TOKENS, 4L * s.context());
    final long activations = place(Header.ACTIVATIONS, 0);
    place(Header.HIDDEN, 4L * s.dim());
    place(Header.NORMED, 4L * s.dim());
    place(Header.INPUT, Quantized.bytes(s.dim() / 32));
    place(Header.PROJECTED, 4L * s.projected());
    place(Header.QUERIES, 2L * inner);
    place(Header.QUERY_SCALES, 4L * s.heads());
    place(Header.SCORES, 4L * Header.MAX_SCORES);
    place(Header.MIXED, 4L * inner);
    place(Header.MIXED_INPUT, Quantized.bytes(inner / 32));
    place(Header.DELTA, 4L * s.dim());
    place(Header.GATED, 8L * s.ffn());
    place(Header.GATED_INPUT, Quantized.bytes(s.ffn() / 32));
    place(Header.LOGITS, 4L * s.vocab());
    place(Header.SAMPLER_STATE, samplerBytes);
    fields.put(Header.SAMPLER_STATE_BYTES, samplerBytes);
    fields.put(Header.ACTIVATION_BYTES, end - activations);
    place(Header.TOKENIZER_STATE, tokenizerBytes);
    fields.put(Header.TOKENIZER_STATE_BYTES, tokenizerBytes);
    place(Header.KEYS, cache * s.headDim() * 2);
    place(Header.KEY_SCALES, cache * 4);
    place(Header.VALUES, cache * s.headDim() * 2);
    place(Header.VALUE_SCALES, cache * 4);
  }

  private long place(long field, long bytes) {
    long address = end;
    fields.put(field, address);
    end = (end + bytes + 63) & -64L;
    return address;
  }

  /** Value of a header field that this layout decides, for example {@code Header.KEYS}. */
  public long at(long field) {
    return fields.get(field);
  }

  /** The header's u64 fields decided here: address in WEIGHTS to value. */
  public Map<Long, Long> fields() {
    return Map.copyOf(fields);
  }

  /** log2 of the 32-byte leaves of STATE. */
  public int stateSize() {
    return 64 - Long.numberOfLeadingZeros((end + 31) / 32 - 1);
  }
}
