package opml.chain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import opml.http.LocalPort;

/** A development node as a child process, on loopback; a state file makes it survive restarts. */
public final class Anvil implements AutoCloseable {
  public static final long CHAIN_ID = 31337;

  /** Runs a command in a session of its own, so that a terminal's Ctrl-C does not reach it. */
  private static final Path SESSION = Path.of("/usr/bin/setsid");

  private final Process process;
  private final JsonRpcChain chain;
  private final Thread hook;

  private Anvil(Process process, JsonRpcChain chain, boolean kept) {
    this.process = process;
    this.chain = chain;
    hook = kept ? null : new Thread(process::destroy, "anvil-end");
    if (hook != null) {
      Runtime.getRuntime().addShutdownHook(hook);
    }
  }

  /**
   * Starts a node and waits for its first answer. A node that keeps its chain ends only when it is
   * closed: neither Ctrl-C nor the end of this JVM may take it from those who still write to it.
   *
   * @param state where the chain is kept, or null to forget it
   * @param port 0 for any free one
   */
  public static Anvil start(Path state, int port) {
    try {
      int chosen = port == 0 ? LocalPort.free() : port;
      Process process =
          new ProcessBuilder(command(state, chosen))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      JsonRpcChain chain = new JsonRpcChain("http://127.0.0.1:" + chosen);
      Anvil anvil = new Anvil(process, chain, state != null);
      try {
        anvil.await();
      } catch (RuntimeException e) {
        anvil.close();
        throw e;
      }
      return anvil;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command(Path state, int port) {
    List<String> command = new ArrayList<>();
    if (state != null && Files.isExecutable(SESSION)) {
      command.add(SESSION.toString());
    }
    command.addAll(List.of(binary().toString(), "--host", "127.0.0.1", "--port", "" + port));
    command.addAll(List.of("--chain-id", "" + CHAIN_ID, "--accounts", "1", "--silent"));
    if (state != null) {
      command.addAll(List.of("--state", state.toString(), "--state-interval", "2"));
    }
    return command;
  }

  /** The binary of the npm package, or the one that OPML_ANVIL names. */
  static Path binary() {
    String named = System.getProperty("opml.anvil", System.getenv("OPML_ANVIL"));
    if (named != null) {
      return Path.of(named);
    }
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String cpu = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    String kind = (os.contains("mac") ? "darwin-" : "linux-") + cpu;
    Path relative = Path.of("contracts/node_modules/@foundry-rs/anvil-" + kind + "/bin/anvil");
    Path folder = Path.of(System.getProperty("opml.root", "")).toAbsolutePath();
    while (folder != null) {
      if (Files.isExecutable(folder.resolve(relative))) {
        return folder.resolve(relative);
      }
      folder = folder.getParent();
    }
    throw new IllegalStateException(
        relative + ": not found; run npm ci in contracts, or name the binary in OPML_ANVIL");
  }

  private void await() {
    for (int i = 0; i < 500; i++) {
      try {
        chain.chainId();
        return;
      } catch (ChainDown e) {
        if (!process.isAlive()) {
          throw new IllegalStateException("anvil ended at once; is its port taken?", e);
        }
        pause();
      }
    }
    throw new IllegalStateException("anvil did not answer within ten seconds at " + chain.url());
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public Chain chain() {
    return chain;
  }

  public String url() {
    return chain.url();
  }

  /** Number of the node's process. */
  public long pid() {
    return process.pid();
  }

  /** Gives an account ether out of nothing. */
  public void fund(String account, BigInteger wei) {
    chain.develop("anvil_setBalance", account, "0x" + wei.toString(16));
  }

  /** Whether a block is made for each transaction; otherwise only when time passes. */
  public void mineAtOnce(boolean atOnce) {
    chain.develop("evm_setAutomine", atOnce);
  }

  /** What a unit of gas costs at least in the next block, wei. */
  public void baseFee(BigInteger wei) {
    chain.develop("anvil_setNextBlockBaseFeePerGas", "0x" + wei.toString(16));
  }

  /** The node forgets all transactions that wait, as one does that is full or starts again. */
  public void forget() {
    chain.develop("anvil_dropAllTransactions");
  }

  /** Remembers the chain as it is. */
  public Object snapshot() {
    return chain.develop("evm_snapshot");
  }

  /** Undoes all blocks since, as a reorganisation would. */
  public void revert(Object snapshot) {
    chain.develop("evm_revert", snapshot);
  }

  /** Lets time pass and makes a block. */
  public void pass(long seconds) {
    pass(chain, seconds);
  }

  /** The same for a node that another process has started. */
  public static void pass(String url, long seconds) {
    try (JsonRpcChain other = new JsonRpcChain(url)) {
      pass(other, seconds);
    }
  }

  private static void pass(JsonRpcChain chain, long seconds) {
    chain.develop("evm_increaseTime", seconds);
    chain.develop("evm_mine");
  }

  @Override
  public void close() {
    try {
      if (hook != null) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    } catch (IllegalStateException e) {
      // The JVM is ending: the hook does the same.
    }
    chain.close();
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
