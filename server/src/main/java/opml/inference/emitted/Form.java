package opml.inference.emitted;

/** Weight formats that the emitted kernel takes (planes as docs/protocol.md section 7 has them). */
public enum Form {
  /** Nibbles minus 8, scale. */
  Q4_0(true, true, false),
  /** Nibbles, scale, minimum. */
  Q4_1(true, false, true),
  /** Signed bytes, scale. */
  Q8_0(false, true, false),
  /** Bytes, scale, minimum. */
  Q5_1(false, true, true);

  final boolean nibbles;
  final boolean biased;
  final boolean minima;
  final int blockBytes;

  Form(boolean nibbles, boolean biased, boolean minima) {
    this.nibbles = nibbles;
    this.biased = biased;
    this.minima = minima;
    blockBytes = nibbles ? 16 : 32;
  }

  /** What the sums of activations are taken from block sums with: -8 of each nibble, or 0. */
  int center() {
    return this == Q4_0 ? 8 : 0;
  }

  /** Whether activations for one format serve the other as well. */
  public boolean readsLike(Form other) {
    return nibbles == other.nibbles && center() == other.center();
  }

  /** Bytes of quants in a block of 32. */
  public int blockBytes() {
    return blockBytes;
  }
}
