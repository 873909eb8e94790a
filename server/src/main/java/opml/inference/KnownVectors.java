package opml.inference;

import java.util.ArrayList;
import java.util.List;

/**
 * What kernels have made of the vectors that a model multiplies, by where these lie. A run has a
 * few of them, which every layer uses again, each for as many tensor types as the model mixes.
 */
final class KnownVectors<T> {
  /** Instead of a type, where what is made serves all. */
  static final int ANY = -1;

  /** Makes room for a vector that is not known yet. */
  interface Maker<T> {
    /**
     * Called once for each vector and type.
     *
     * @param blocks of 32 values
     */
    T make(int blocks, int type);
  }

  private record Known<T>(long address, int blocks, int type, T made) {}

  private final List<Known<T>> all = new ArrayList<>();
  private final Maker<T> maker;

  KnownVectors(Maker<T> maker) {
    this.maker = maker;
  }

  /** Of the vector at an address of STATE, for a tensor type. */
  T at(long address, int blocks, int type) {
    for (int i = 0; i < all.size(); i++) { // no iterator: no garbage in the token loop
      Known<T> known = all.get(i);
      if (known.address == address && known.blocks == blocks && known.type == type) {
        return known.made;
      }
    }
    T made = maker.make(blocks, type);
    all.add(new Known<>(address, blocks, type, made));
    return made;
  }
}
