package opml.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import opml.chain.Anvil;
import opml.chain.Chain;
import opml.chain.Terms;
import opml.outbox.Deployed;
import opml.outbox.Keys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The development chain over many starts, also after its node was killed. */
class NodeTest {
  private static final int STARTS = 6;
  private static final long SAVED_EVERY = 2500; // milliseconds, a little more than the node's own

  @TempDir Path home;

  private Deployed ensure(Node node) {
    Keys keys = new Keys(name -> Optional.empty(), node.url());
    try (Chain chain = Chain.connect(node.url())) {
      Path file = ChainFolder.deployment(ChainFolder.own(home));
      return new Deployer(chain, keys, line -> {}).ensure(file, Terms.LOCAL);
    }
  }

  @Test
  void contractsAreDeployedOnceAndBlocksStay() throws Exception {
    Deployed first = null;
    long head = 0;
    for (int i = 0; i < STARTS; i++) {
      Node node = Node.start(ChainFolder.own(home));
      Deployed found = ensure(node);
      first = first == null ? found : first;
      assertEquals(first, found, "start " + i);
      try (Chain chain = Chain.connect(node.url())) {
        assertTrue(chain.head() >= head, "start " + i);
        Anvil.pass(node.url(), 10);
        head = chain.head();
      }
      if (i % 2 == 0) {
        node.close();
      } else {
        Thread.sleep(SAVED_EVERY);
        kill();
      }
    }
  }

  @Test
  void whereNothingCanBeWrittenNoNodeIsLeftBehind() throws Exception {
    Path folder = ChainFolder.own(home);
    Files.createDirectories(folder.resolve("anvil.pid")); // no file can be written there
    long before = ProcessHandle.current().children().count();
    UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> Node.start(folder));
    assertTrue(e.getMessage().contains("set OPML_HOME to a folder of yours"), e.getMessage());
    assertEquals(before, ProcessHandle.current().children().count());
  }

  /** As a power cut would; what comes after is a start like any other. */
  @AfterEach
  void kill() throws Exception {
    Path pid = ChainFolder.own(home).resolve("anvil.pid");
    if (!Files.isRegularFile(pid)) {
      return;
    }
    ProcessHandle process =
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElse(null);
    if (process != null) {
      process.destroyForcibly();
      process.onExit().get();
    }
  }
}
