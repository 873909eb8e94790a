package opml.launch;

import java.nio.file.Path;
import opml.chain.Chain;

/** Where the home folder keeps what belongs to one chain: addresses and index never mix. */
public final class ChainFolder {
  private static final int PREFIX = 10; // 0x and 8 digits of the first block's hash

  private ChainFolder() {}

  /** The folder of the development chain that {@code start} runs itself. */
  public static Path own(Path home) {
    return home.resolve("chain");
  }

  /** The folder of any other chain, named by its id and its first block. */
  public static Path of(Path home, Chain chain) {
    String name = chain.chainId() + "-" + chain.blockHash(0).substring(0, PREFIX);
    return home.resolve("chains").resolve(name);
  }

  /** The file in such a folder that names the contracts. */
  public static Path deployment(Path folder) {
    return folder.resolve("deployment.json");
  }
}
