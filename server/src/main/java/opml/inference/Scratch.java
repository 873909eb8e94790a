package opml.inference;

/** What one thread needs for matrix rows; nothing is allocated while tokens are made. */
final class Scratch {
  int[] partial = new int[0];
  int[] sums = new int[0];
  int seen;
  final float[] lanes = new float[8];

  /** Room for this many blocks. */
  void grow(int blocks) {
    if (sums.length < blocks + 64) {
      partial = new int[8 * blocks + 64];
      sums = new int[blocks + 64];
    }
  }
}
