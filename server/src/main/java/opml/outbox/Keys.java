package opml.outbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import opml.chain.Account;
import opml.chain.Anvil;

/**
 * Private keys, from a file or the environment; never logged, never an argument.
 *
 * <p>{@code opml.keys.proposer-file} names a file with the key; {@code OPML_KEYS_PROPOSER} holds
 * it. Without either, a key that everybody knows is used, and only on a development chain on
 * loopback.
 */
public final class Keys {
  private static final Set<PosixFilePermission> STRANGERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private final Function<String, Optional<String>> settings;
  private final String rpcUrl;

  /**
   * @param settings value of a property such as opml.keys.proposer
   */
  public Keys(Function<String, Optional<String>> settings, String rpcUrl) {
    this.settings = settings;
    this.rpcUrl = rpcUrl;
  }

  /** The same properties from the environment: OPML_KEYS_PROPOSER and so on. */
  public static Keys ofEnvironment(String rpcUrl) {
    return new Keys(name -> Optional.ofNullable(System.getenv(variable(name))), rpcUrl);
  }

  /** The key of {@code party} on a development chain: public, so worth nothing elsewhere. */
  public static Account development(String party) {
    return Account.ofSeed(("opml development " + party).getBytes(StandardCharsets.US_ASCII));
  }

  /** The key of {@code party}: proposer, validator or deployer. */
  public Account account(String party, long chainId) {
    String property = "opml.keys." + party;
    Optional<String> file = settings.apply(property + "-file");
    if (file.isPresent()) {
      return account(property + "-file", read(Path.of(file.get())));
    }
    Optional<String> key = settings.apply(property);
    if (key.isPresent()) {
      return account(property, key.get().strip());
    }
    if (allowsDevelopment(chainId)) {
      return development(party);
    }
    throw new IllegalStateException(
        "no key for the "
            + party
            + " on chain "
            + chainId
            + ": write it to a file that only you can read and name that in "
            + variable(property + "-file"));
  }

  private static Account account(String property, String key) {
    if (!key.matches("(0x)?[0-9a-fA-F]{64}")) {
      throw new IllegalStateException(
          variable(property) + " holds no private key: 64 hexadecimal digits are needed");
    }
    return Account.ofKey(key);
  }

  private static String variable(String property) {
    return property.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** Whether the chain is one for development, on this machine. */
  public boolean allowsDevelopment(long chainId) {
    String host = URI.create(rpcUrl).getHost();
    boolean loopback = "127.0.0.1".equals(host) || "localhost".equals(host) || "[::1]".equals(host);
    return loopback && chainId == Anvil.CHAIN_ID;
  }

  private static String read(Path file) {
    try {
      boolean posix = Files.getFileStore(file).supportsFileAttributeView("posix");
      if (posix && !Collections.disjoint(Files.getPosixFilePermissions(file), STRANGERS)) {
        throw new IllegalStateException(
            "key file " + file + " is open to others: chmod 600 " + file);
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("key file " + file + " can't be read", e);
    }
  }
}
