package opml.chain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SenderTest {
  private static final BigInteger ETHER = BigInteger.TEN.pow(18);
  private static Anvil anvil;
  private static Chain chain;

  @BeforeAll
  static void start() {
    anvil = Anvil.start(null, 0);
    chain = anvil.chain();
  }

  @AfterAll
  static void end() {
    anvil.close();
  }

  private static Account funded(String seed) {
    Account account = Account.ofSeed(seed.getBytes(StandardCharsets.UTF_8));
    anvil.fund(account.address(), ETHER.multiply(BigInteger.TEN));
    return account;
  }

  private static Call pay(String to) {
    return new Call(to, new byte[0], ETHER);
  }

  private static final String PAYEE = "0x00000000000000000000000000000000000a11ce";

  @Test
  void theSameKeyIsDoneOnceEvenAfterACrash() {
    Account account = funded("once");
    MemoryJournal journal = new MemoryJournal();
    BigInteger before = chain.balance(PAYEE);
    Sent first = new Sender(chain, account, journal).send("pay", pay(PAYEE));
    // A sender without memory is what a restart leaves; the journal is what survives.
    Sent second = new Sender(chain, account, journal).send("pay", pay(PAYEE));
    assertEquals(first.transaction(), second.transaction());
    assertEquals(before.add(ETHER), chain.balance(PAYEE));
    assertEquals(1, chain.nonce(account.address(), false));
  }

  @Test
  void whatWasSignedButNotSentBeforeACrashIsSentAsItWasSigned() {
    Account account = funded("crash");
    MemoryJournal journal = new MemoryJournal();
    Chain dead = new DeafChain(chain);
    Sender before = new Sender(dead, account, journal);
    assertThrows(ChainDown.class, () -> before.send("pay", pay(PAYEE)));
    String signed = journal.versions("pay").getFirst().hash();
    Sent sent = new Sender(chain, account, journal).send("pay", pay(PAYEE));
    assertEquals(signed, sent.transaction());
    assertTrue(journal.pending(account.address()).isEmpty());
  }

  @Test
  void aTransactionThatNoBlockTakesIsReplacedByADearerOne() {
    Account account = funded("stuck");
    MemoryJournal journal = new MemoryJournal();
    Chain lossy = new LosingChain(chain, 2);
    Sent sent = new Sender(lossy, account, journal, Duration.ofMillis(50)).send("pay", pay(PAYEE));
    List<Signed> versions = journal.versions("pay");
    assertEquals(3, versions.size());
    assertEquals(versions.get(2).hash(), sent.transaction());
    assertEquals(1, versions.stream().map(Signed::nonce).distinct().count());
    assertTrue(versions.get(2).fee().most().compareTo(versions.get(0).fee().most()) > 0);
  }

  @Test
  void aNonceUsedElsewhereIsReplacedByAFreeOne() {
    Account account = funded("stolen");
    MemoryJournal journal = new MemoryJournal();
    assertThrows(
        ChainDown.class,
        () -> new Sender(new DeafChain(chain), account, journal).send("a", pay(PAYEE)));
    new Sender(chain, account, new MemoryJournal()).send("elsewhere", pay(account.address()));
    Sent sent = new Sender(chain, account, journal, Duration.ofMillis(50)).send("a", pay(PAYEE));
    assertTrue(sent.succeeded());
    assertEquals(2, chain.nonce(account.address(), false));
  }

  @Test
  void aRefusedCallNamesTheContractsErrorAndUsesNoNonce() {
    Account account = funded("refused");
    Sender sender = new Sender(chain, account, new MemoryJournal());
    String registry = Deployment.deploy(sender, "Registry");
    long nonce = chain.nonce(account.address(), true);
    Model model =
        new Model(account.address(), new byte[] {9, 9, 9, 9, 9, 9}, new byte[32], new byte[32]);
    Call call =
        new Call(registry, Contracts.abi("Registry").call("register", model.tuple(), List.of()));
    Reverted reverted = assertThrows(Reverted.class, () -> sender.send("register", call));
    assertEquals("VerifierWithoutCode", reverted.error());
    assertTrue(reverted.getMessage().contains(account.address()), reverted.getMessage());
    assertEquals(nonce, chain.nonce(account.address(), true));
  }

  @Test
  void modelIdsAndEventsAreThoseOfTheContract() {
    Account account = funded("model");
    Sender sender = new Sender(chain, account, new MemoryJournal());
    String registry = Deployment.deploy(sender, "Registry");
    Model model =
        new Model(registry, new byte[] {10, 10, 20, 15, 11, 7}, new byte[32], new byte[32]);
    Abi abi = Contracts.abi("Registry");
    Sent sent =
        sender.send(
            "register",
            new Call(registry, abi.call("register", model.tuple(), List.of("http://a", "é"))));
    ChainEvent event = abi.event(sent.logs().getFirst());
    assertEquals("ModelRegistered", event.name());
    assertArrayEquals(model.id(), event.bytes("modelId"));
    assertEquals(List.of("http://a", "é"), event.fields().get("uris"));
    assertEquals(account.address(), event.address("publisher"));
  }

  @Test
  void theChainSurvivesItsNodesRestart(@TempDir Path folder) {
    Path state = folder.resolve("chain.json");
    try (Anvil first = Anvil.start(state, 0)) {
      first.fund(PAYEE, BigInteger.valueOf(77));
      first.pass(1000);
    }
    try (Anvil second = Anvil.start(state, 0)) {
      assertEquals(BigInteger.valueOf(77), second.chain().balance(PAYEE));
      assertFalse(second.chain().head() == 0);
    }
  }

  @Test
  void twoEndpointsThatDisagreeAreTold() {
    try (Anvil other = Anvil.start(null, 0)) {
      assertEquals(List.of(), Agreement.differences(chain, chain));
      anvil.pass(10);
      other.pass(99);
      assertFalse(Agreement.differences(chain, other.chain()).isEmpty());
    }
  }
}
