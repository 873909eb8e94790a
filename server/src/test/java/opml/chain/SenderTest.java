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
import opml.world.Eventually;
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
  void aTransactionThatTheNodeForgetsIsSentAgainAsItWas() {
    Account account = funded("forgotten");
    MemoryJournal journal = new MemoryJournal();
    Chain lossy = new LosingChain(chain, 2);
    Sent sent = new Sender(lossy, account, journal, Duration.ofSeconds(9)).send("a", pay(PAYEE));
    assertTrue(sent.succeeded());
    assertEquals(1, journal.versions("a").size());
  }

  @Test
  void aTransactionThatNoBlockTakesIsReplacedByADearerOne() {
    Account account = funded("stuck");
    MemoryJournal journal = new MemoryJournal();
    try (Anvil quiet = Anvil.start(null, 0)) {
      quiet.fund(account.address(), ETHER.multiply(BigInteger.TEN));
      quiet.mineAtOnce(false);
      Sender sender = new Sender(quiet.chain(), account, journal, Duration.ofMillis(20));
      assertTrue(sender.post("a", pay(PAYEE), "it is due").isEmpty());
      tendUntil(sender, () -> journal.versions("a").size() == 3);
      quiet.pass(1);
      sender.tend();
      List<Signed> versions = journal.versions("a");
      assertEquals(versions.getLast().hash(), sender.outcome("a").orElseThrow().transaction());
      assertEquals(1, versions.stream().map(Signed::nonce).distinct().count());
      assertTrue(versions.getLast().fee().most().compareTo(versions.get(0).fee().most()) > 0);
    }
  }

  @Test
  void noFeeGrowsWithoutEndBecauseANodeIsSilentAboutBlocks() {
    Account account = funded("silent");
    MemoryJournal journal = new MemoryJournal();
    try (Anvil quiet = Anvil.start(null, 0)) {
      quiet.fund(account.address(), ETHER.multiply(BigInteger.TEN));
      quiet.mineAtOnce(false);
      Sender sender = new Sender(quiet.chain(), account, journal, Duration.ZERO);
      sender.post("a", pay(PAYEE), "it is due");
      for (int i = 0; i < 60; i++) {
        sender.tend();
      }
      BigInteger fair = quiet.chain().fee().most();
      BigInteger offered = journal.versions("a").getLast().fee().most();
      assertTrue(offered.compareTo(fair.multiply(BigInteger.TEN)) <= 0, offered + " of " + fair);
    }
  }

  /** A submit that never reached the node must not leave a gap that stops all that follow. */
  @Test
  void aNonceWhoseSubmitFailedIsSentBeforeThoseThatFollow() {
    Account account = funded("gap");
    MemoryJournal journal = new MemoryJournal();
    Sender deaf = new Sender(new DeafChain(chain), account, journal);
    assertTrue(deaf.post("first", pay(PAYEE), "lost on the way").isEmpty());
    // A process that starts anew and is asked for the second only.
    Sender sender = new Sender(chain, account, journal, Duration.ofSeconds(9));
    Sent second = sender.send("second", pay(PAYEE));
    assertTrue(second.succeeded());
    assertTrue(chain.receipt(journal.versions("first").getFirst().hash()).isPresent());
    assertEquals(2, chain.nonce(account.address(), false));
  }

  /** As after a crash between giving out a nonce and keeping what it was for. */
  @Test
  void aNonceThatNothingWasSignedForIsFilled() {
    Account account = funded("hole");
    MemoryJournal journal = new MemoryJournal();
    Fee fee = chain.fee();
    journal.save(account.sign("later", pay(PAYEE), chain.chainId(), 2, 30_000, fee));
    Sender sender = new Sender(chain, account, journal);
    sender.tend();
    assertTrue(sender.send("later", pay(PAYEE)).succeeded());
    assertEquals(3, chain.nonce(account.address(), false));
    assertTrue(journal.pending(account.address()).stream().allMatch(s -> s.nonce() < 2));
  }

  @Test
  void manyArePostedBeforeOneIsMinedAndEachIsDoneOnce() {
    Account account = funded("many");
    MemoryJournal journal = new MemoryJournal();
    try (Anvil slow = Anvil.start(null, 0)) {
      slow.fund(account.address(), ETHER.multiply(BigInteger.valueOf(100)));
      slow.mineAtOnce(false);
      Sender sender = new Sender(slow.chain(), account, journal);
      for (int i = 0; i < 40; i++) {
        assertTrue(sender.post("move " + i, pay(PAYEE), "due").isEmpty());
      }
      // Killed here: a new process is asked for all of them again.
      Sender after = new Sender(slow.chain(), account, journal);
      for (int i = 0; i < 40; i++) {
        after.post("move " + i, pay(PAYEE), "due");
      }
      slow.pass(1);
      after.tend();
      for (int i = 0; i < 40; i++) {
        assertTrue(after.outcome("move " + i).orElseThrow().succeeded());
      }
      assertEquals(40, slow.chain().nonce(account.address(), false));
      assertEquals(ETHER.multiply(BigInteger.valueOf(40)), slow.chain().balance(PAYEE));
    }
  }

  @Test
  void whatAReorganisationUndoesIsSentAgain() throws Exception {
    Account account = funded("reorg");
    MemoryJournal journal = new MemoryJournal();
    try (Anvil forked = Anvil.start(null, 0)) {
      forked.fund(account.address(), ETHER.multiply(BigInteger.TEN));
      Sender sender = new Sender(forked.chain(), account, journal);
      Object before = forked.snapshot();
      assertTrue(sender.send("a", pay(PAYEE)).succeeded());
      sender.post("b", pay(PAYEE), "due");
      Eventually.holds("mined", () -> forked.chain().nonce(account.address(), false) == 2);
      forked.revert(before);
      assertEquals(BigInteger.ZERO, forked.chain().balance(PAYEE));
      tendUntil(sender, () -> forked.chain().nonce(account.address(), false) == 2);
      assertEquals(ETHER.shiftLeft(1), forked.chain().balance(PAYEE));
    }
  }

  @Test
  void aNodeThatTellsAFarNonceLeavesNoGap() {
    Account account = funded("far");
    MemoryJournal journal = new MemoryJournal();
    Sender sender = new Sender(chain, account, journal);
    assertTrue(sender.send("a", pay(PAYEE)).succeeded());
    Sender misled =
        new Sender(
            new LosingChain(chain, 0) {
              @Override
              public long nonce(String who, boolean pending) {
                return pending ? 1_000_000 : super.nonce(who, pending);
              }
            },
            account,
            journal);
    assertThrows(ChainDown.class, () -> misled.send("b", pay(PAYEE)));
    assertTrue(journal.versions("b").isEmpty());
    assertTrue(sender.send("b", pay(PAYEE)).succeeded());
  }

  private static void tendUntil(Sender sender, java.util.function.BooleanSupplier holds) {
    for (int i = 0; i < 2000 && !holds.getAsBoolean(); i++) {
      sender.tend();
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    assertTrue(holds.getAsBoolean());
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
