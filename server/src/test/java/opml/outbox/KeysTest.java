package opml.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import opml.chain.Account;
import opml.chain.Anvil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysTest {
  private static final String KEY = "0x" + "1f".repeat(32);
  private static final long PUBLIC_CHAIN = 11155111;

  @TempDir Path folder;

  private static Keys keys(Map<String, String> settings) {
    return new Keys(name -> Optional.ofNullable(settings.get(name)), "http://127.0.0.1:8545");
  }

  private static String refused(Keys keys, long chain) {
    return assertThrows(IllegalStateException.class, () -> keys.account("proposer", chain))
        .getMessage();
  }

  private Path file(String permissions) throws IOException {
    Path file = Files.writeString(folder.resolve("key"), KEY + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void aFileThatOnlyItsOwnerReadsGivesTheKey() throws IOException {
    Keys keys = keys(Map.of("opml.keys.proposer-file", file("rw-------").toString()));
    assertEquals(Account.ofKey(KEY).address(), keys.account("proposer", PUBLIC_CHAIN).address());
  }

  @Test
  void aFileThatOthersReadIsRefused() throws IOException {
    for (String permissions : new String[] {"rw-r-----", "rw----r--", "rw--w----"}) {
      Keys keys = keys(Map.of("opml.keys.proposer-file", file(permissions).toString()));
      assertTrue(refused(keys, PUBLIC_CHAIN).contains("chmod 600"), permissions);
    }
  }

  @Test
  void whatIsNoKeyIsNotRepeated() {
    String told = refused(keys(Map.of("opml.keys.proposer", "secret")), PUBLIC_CHAIN);
    assertTrue(told.contains("OPML_KEYS_PROPOSER") && !told.contains("secret"), told);
  }

  @Test
  void onlyALocalDevelopmentChainNeedsNoKey() {
    Keys none = keys(Map.of());
    assertTrue(refused(none, PUBLIC_CHAIN).contains("OPML_KEYS_PROPOSER_FILE"));
    String known = Keys.development("proposer").address();
    assertEquals(known, none.account("proposer", Anvil.CHAIN_ID).address());
    Keys remote = new Keys(name -> Optional.empty(), "http://node.example:8545");
    assertTrue(refused(remote, Anvil.CHAIN_ID).contains("no key"));
  }
}
