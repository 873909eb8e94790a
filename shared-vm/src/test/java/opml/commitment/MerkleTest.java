package opml.commitment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
}
