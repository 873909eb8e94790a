package opml.inference.emitted;

/** Weight formats that emitted kernels take (planes as docs/protocol.md section 7 has them). */
public enum Form {
  /** Nibbles minus 8, scale. */
  Q4_0(true, true, false),
  /** Nibbles, scale, minimum. */
  Q4_1(true, false, true),
  /** Signed bytes, scale. */
  Q8_0(false, true, false),
  /** Bytes, scale, minimum. */
  Q5_1(false, true, true),
  /** Nibbles, scales and minima of 32 with factors. */
  Q4_K(true, false, true),
  /** Bytes, scales and minima of 32 with factors. */
  Q5_K(false, false, true),
  /** Signed bytes, scales of 16 with a factor. */
  Q6_K(false, false, false),
  /** Nibbles minus 4, scales of 16 with a factor. */
  Q3_K(true, false, false),
  /** Nibbles, scales and minima of 16 with factors. */
  Q2_K(true, false, true);

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

  /** Whether eight blocks are one of 256 values (K formats). */
  public boolean superBlocks() {
    return ordinal() >= Q4_K.ordinal();
  }

  /** Whether each half of a block has its own scale. */
  boolean halves() {
    return this == Q6_K || this == Q3_K || this == Q2_K;
  }

  /** Bytes of quants in a block of 32. */
  public int blockBytes() {
    return blockBytes;
  }

  /** Bytes of plane 2 for eight blocks of 32. */
  public int thirdPlane() {
    if (superBlocks()) {
      return minima ? 4 : 2;
    }
    return minima ? 16 : 0;
  }
}
