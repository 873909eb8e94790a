package opml.catalog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import opml.commitment.Merkle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsTreeTest {
  @Test
  void everyLengthHasTheRootOfItsBytes(@TempDir Path folder) throws Exception {
    Random r = new Random(1);
    Path nodes = folder.resolve("nodes");
    for (int length : new int[] {64, 4096, 4160, 15 * 4096, 16 * 4096, 17 * 4096 + 64, 300_032}) {
      byte[] content = new byte[length];
      r.nextBytes(content);
      Path weights = Files.write(folder.resolve("weights"), content);
      Files.deleteIfExists(nodes);
      try (WeightsTree tree = WeightsTree.create(weights, nodes, Progress.NONE)) {
        assertArrayEquals(Merkle.root(content, tree.size()), tree.root(), length + " bytes");
        byte[] node = new byte[32];
        tree.node(0, length / 32 - 1, node, 0);
        byte[] last = java.util.Arrays.copyOfRange(content, length - 32, length);
        assertArrayEquals(last, node, "the last leaf of " + length);
      }
    }
  }

  @Test
  void aTreeThatIsMadeInStepsIsThatOfTheWhole(@TempDir Path folder) throws Exception {
    byte[] content = new byte[5_000_000 / 64 * 64];
    new Random(2).nextBytes(content);
    Path weights = Files.write(folder.resolve("weights"), content);
    try (TreeBuilder builder = new TreeBuilder(weights, folder.resolve("nodes"))) {
      long hashed = 0;
      for (long end = 70_016; end < content.length; end += 333_376) {
        builder.hash(hashed, TreeBuilder.whole(end));
        hashed = TreeBuilder.whole(end);
      }
      builder.hash(hashed, builder.pages());
      builder.finish();
      assertArrayEquals(Merkle.root(content, builder.tree().size()), builder.tree().root());
    }
  }
}
