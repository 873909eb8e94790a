package opml.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import opml.chain.Account;
import opml.chain.Anvil;
import opml.chain.Chain;
import opml.chain.Contracts;
import opml.chain.Deployment;
import opml.chain.MemoryJournal;
import opml.chain.Sender;
import opml.chain.Terms;
import opml.launch.ChainFolder;
import opml.outbox.Deployed;
import opml.outbox.Keys;
import opml.world.Eventually;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A proposer's way in and out, on a chain of its own. */
class EscrowCommandTest {
  private static final BigInteger ETHER = BigInteger.TEN.pow(18);

  @RegisterExtension final Terminal terminal = new Terminal();

  private JsonNode escrow(Chain chain, String... words) throws IOException {
    String[] all = new String[words.length + 4];
    all[0] = "escrow";
    System.arraycopy(words, 0, all, 1, words.length);
    all[words.length + 1] = "--rpc-url";
    all[words.length + 2] = chain.url();
    all[words.length + 3] = "--json";
    return terminal.json(all);
  }

  @Test
  void aProposerComesStaysAndLeaves() throws IOException {
    try (Anvil anvil = Anvil.start(null, 0);
        Chain chain = anvil.chain()) {
      Account proposer = Keys.development("proposer");
      anvil.fund(proposer.address(), ETHER.multiply(BigInteger.TEN));
      String unknown = terminal.refused(1, "escrow", "show", "--rpc-url", chain.url(), "--json");
      assertTrue(unknown.contains("contracts deploy"), unknown);

      Path file = ChainFolder.deployment(ChainFolder.of(terminal.home(), chain));
      Files.createDirectories(file.getParent());
      for (String none : new String[] {"{}", "[", "{\"dispute\":7}"}) {
        Files.writeString(file, none);
        String said = terminal.refused(1, "escrow", "show", "--rpc-url", chain.url());
        assertTrue(said.contains(file.toString()), said);
      }

      Sender sender = new Sender(chain, proposer, new MemoryJournal());
      Contracts contracts = Deployment.deploy(sender, Terms.LOCAL);
      new Deployed(chain.chainId(), 0, contracts).write(file);
      assertEquals("0", escrow(chain, "show").get("escrow").textValue());

      JsonNode filled = escrow(chain, "deposit", "--ether", "1.28");
      assertEquals("1280000000000000000", filled.get("escrow").textValue());
      assertEquals(10, filled.get("covers").intValue());
      assertTrue(filled.get("exitAt").isNull());

      assertEquals(20, escrow(chain, "deposit", "--ether", "1.28").get("covers").intValue());
      assertTrue(escrow(chain, "request-exit").get("exitAt").isTextual());
      String early = terminal.refused(1, "escrow", "exit", "--rpc-url", chain.url());
      assertTrue(early.contains("ExitNotReady"), early);

      anvil.pass(Terms.LOCAL.exitDelay());
      BigInteger before = chain.balance(proposer.address());
      assertEquals("0", escrow(chain, "exit").get("escrow").textValue());
      assertTrue(chain.balance(proposer.address()).subtract(before).compareTo(ETHER) > 0);
    }
  }

  @Test
  void aDepositThatIsKilledOnItsWayIsNotMadeTwice() throws Exception {
    try (Anvil anvil = Anvil.start(null, 0);
        Chain chain = anvil.chain()) {
      Account proposer = Keys.development("proposer");
      anvil.fund(proposer.address(), ETHER.multiply(BigInteger.TEN));
      Sender sender = new Sender(chain, proposer, new MemoryJournal());
      Contracts contracts = Deployment.deploy(sender, Terms.LOCAL);
      Path file = ChainFolder.deployment(ChainFolder.of(terminal.home(), chain));
      new Deployed(chain.chainId(), 0, contracts).write(file);
      long sent = chain.nonce(proposer.address(), true);
      anvil.mineAtOnce(false);
      Process command = deposit(chain.url());
      try {
        Eventually.holds("sent", () -> chain.nonce(proposer.address(), true) > sent);
      } finally {
        command.destroyForcibly().waitFor();
      }
      anvil.mineAtOnce(true);
      anvil.pass(1);
      JsonNode again = escrow(chain, "deposit", "--ether", "1.28");
      assertEquals("1280000000000000000", again.get("escrow").textValue());
      assertTrue(terminal.err().contains("nothing more is sent"), terminal.err());
      assertEquals(20, escrow(chain, "deposit", "--ether", "1.28").get("covers").intValue());
      assertEquals("", terminal.err());
    }
  }

  private Process deposit(String url) throws IOException {
    List<String> words = new ArrayList<>();
    words.add(ProcessHandle.current().info().command().orElseThrow());
    words.addAll(List.of("-cp", System.getProperty("java.class.path")));
    words.add("-Dopml.home=" + terminal.home());
    words.addAll(List.of(Main.class.getName(), "escrow", "deposit"));
    words.addAll(List.of("--ether", "1.28", "--rpc-url", url));
    return new ProcessBuilder(words)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  @Test
  void anAmountThatIsNoneIsNamed() {
    for (String none : new String[] {"0", "-1", "1e30", "1e1000000000", "0x10", "1.5e-18", "1,5"}) {
      String said =
          terminal.refused(2, "escrow", "deposit", "--ether", none, "--rpc-url", "http://[::1]:1");
      assertTrue(said.contains("'--ether'") && said.contains("above 0"), said);
    }
  }
}
