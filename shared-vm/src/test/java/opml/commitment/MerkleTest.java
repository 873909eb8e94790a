package opml.commitment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MerkleTest {
  /** The definition, word by word. */
  private static byte[] naive(byte[] data, int height, long index) {
    if (height == 0) {
      int from = (int) Math.min(index * 32, data.length);
      return Arrays.copyOf(Arrays.copyOfRange(data, from, Math.min(from + 32, data.length)), 32);
    }
    byte[] both = Arrays.copyOf(naive(data, height - 1, 2 * index), 64);
    System.arraycopy(naive(data, height - 1, 2 * index + 1), 0, both, 32, 32);
    return Keccak.hash(both);
  }

  private static Nodes nodes(byte[] data) {
    return (height, index, out, off) ->
        System.arraycopy(naive(data, height, index), 0, out, off, 32);
  }

  private static byte[] data(int n) {
    byte[] b = new byte[n];
    new Random(n).nextBytes(b);
    return b;
  }

  @Test
  void rootsFollowTheDefinition() {
    for (int n : new int[] {0, 1, 31, 32, 33, 64, 65, 200, 1000}) {
      for (int h = 5; h < 9; h++) {
        assertArrayEquals(naive(data(n), h, 0), Merkle.root(data(n), h), n + " bytes, height " + h);
      }
    }
    assertArrayEquals(naive(data(32), 0, 0), Merkle.root(data(32), 0));
    assertArrayEquals(Merkle.zero(20), Merkle.root(new byte[77], 20));
  }

  @Test
  void dataLargerThanTheTreeIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Merkle.root(new byte[65], 1));
  }

  @Test
  void everyBranchClimbsToTheRoot() {
    byte[] d = data(500);
    byte[] root = Merkle.root(d, 5);
    for (int i = 0; i < 32; i++) {
      byte[] branch = Merkle.branch(nodes(d), i, 5);
      byte[] leaf = naive(d, 0, i);
      assertArrayEquals(root, Merkle.climb(leaf, i, branch, 0, 5));
      assertFalse(Arrays.equals(root, Merkle.climb(leaf, i ^ 4, branch, 0, 5)) && i < 15);
    }
  }

  @Test
  void everyRangeProofGivesTheRootAndOnlyItsOwn() {
    byte[] d = data(32 * 16);
    byte[] root = Merkle.root(d, 4);
    for (int first = 0; first < 16; first++) {
      for (int n = 1; first + n <= 16; n++) {
        byte[] proof = Ranges.prove(nodes(d), first, n, 4);
        byte[] leaves = Arrays.copyOfRange(d, 32 * first, 32 * (first + n));
        assertArrayEquals(root, Ranges.root(leaves, first, 4, proof), first + "+" + n);
        leaves[leaves.length - 1] ^= 1;
        assertFalse(Arrays.equals(root, Ranges.root(leaves, first, 4, proof)));
        byte[] longer = Arrays.copyOf(proof, proof.length + 32);
        int f = first;
        assertThrows(IllegalArgumentException.class, () -> Ranges.root(leaves, f, 4, longer));
      }
    }
  }

  /** Children of the parents that are in the range themselves need no proof: on each level. */
  private static int siblings(int first, int count, int height) {
    int siblings = 0;
    for (int h = 0; h < height; h++) {
      int last = first + count - 1;
      int parents = (last >> h + 1) - (first >> h + 1) + 1;
      siblings += 2 * parents - ((last >> h) - (first >> h) + 1);
    }
    return siblings;
  }

  @Test
  void aRangeProofIsAsLongAsItsRangeNeeds() {
    for (int first = 0; first < 16; first++) {
      for (int n = 1; first + n <= 16; n++) {
        assertEquals(32 * siblings(first, n, 4), Ranges.length(first, n, 4), first + "+" + n);
      }
    }
    assertEquals(48 * 32, Ranges.length((1L << 48) - 1, 1, 48));
  }

  @Test
  void aRangeOutsideTheTreeIsRefused() {
    long[][] ranges = {{0, 0, 4}, {-1, 1, 4}, {0, 17, 4}, {16, 1, 4}, {0, 1, 49}};
    for (long[] r : ranges) {
      assertThrows(
          IllegalArgumentException.class,
          () -> Ranges.length(r[0], r[1], (int) r[2]),
          Arrays.toString(r));
    }
    byte[] fits = new byte[32 * 4];
    assertThrows(IllegalArgumentException.class, () -> Ranges.root(new byte[0], 0, 4, fits));
    assertThrows(IllegalArgumentException.class, () -> Ranges.root(new byte[33], 0, 4, fits));
  }

  @Test
  void neighbouringSubtreesBecomeTheirRoots() {
    for (int n = 1; n < 6; n++) {
      for (int h = 1; h < 4; h++) {
        byte[] d = data(n * 32 << h);
        byte[] roots = d.clone();
        Merkle.roots(roots, n, h);
        for (int i = 0; i < n; i++) {
          byte[] root = Arrays.copyOfRange(roots, 32 * i, 32 * i + 32);
          assertArrayEquals(naive(d, h, i), root, n + " of height " + h);
        }
      }
    }
  }

  @Test
  void aTallTreeIsZeroBeyondItsData() {
    byte[] zeros = new byte[32 * 31];
    for (int h = 4; h < 35; h++) {
      Merkle.zero(h, zeros, 32 * (h - 4));
    }
    byte[] low = Merkle.root(data(320), 4);
    assertArrayEquals(Merkle.climb(low, 0, zeros, 0, 31), Merkle.root(data(320), 35));
  }
}
