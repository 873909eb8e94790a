package opml.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import opml.chain.Anvil;
import opml.chain.Chain;
import opml.chain.ChainDown;

/**
 * The development chain of this machine, kept in a folder.
 *
 * <p>A node that a killed launcher left behind is found by its remembered port and used again.
 */
public final class Node implements AutoCloseable {
  private final Anvil anvil; // null when an earlier one is used
  private final String url;
  private final Path pid;

  private Node(Anvil anvil, String url, Path pid) {
    this.anvil = anvil;
    this.url = url;
    this.pid = pid;
  }

  /**
   * Starts the node, or takes the one that runs.
   *
   * @param folder its state; made when absent
   */
  public static Node start(Path folder) {
    try {
      Files.createDirectories(folder);
      Path address = folder.resolve("anvil.url");
      Path pid = folder.resolve("anvil.pid");
      if (Files.exists(address) && answers(Files.readString(address))) {
        return new Node(null, Files.readString(address), pid);
      }
      Anvil anvil = Anvil.start(folder.resolve("anvil.json"), 0);
      try {
        Files.writeString(address, anvil.url());
        Files.writeString(pid, Long.toString(anvil.pid()));
      } catch (IOException e) { // a full disk
        anvil.close();
        throw e;
      }
      return new Node(anvil, anvil.url(), pid);
    } catch (IOException e) {
      throw new UncheckedIOException(
          folder
              + " can't be written ("
              + e.getMessage()
              + "): set OPML_HOME to a folder of yours with room",
          e);
    }
  }

  private static boolean answers(String url) {
    try (Chain chain = Chain.connect(url)) {
      return chain.chainId() == Anvil.CHAIN_ID;
    } catch (ChainDown e) {
      return false;
    }
  }

  public String url() {
    return url;
  }

  @Override
  public void close() {
    if (anvil != null) {
      anvil.close();
      return;
    }
    try {
      long number = Long.parseLong(Files.readString(pid).strip());
      ProcessHandle.of(number).ifPresent(ProcessHandle::destroy);
    } catch (IOException | NumberFormatException e) {
      throw new IllegalStateException("the chain's process is not known: " + pid, e);
    }
  }
}
