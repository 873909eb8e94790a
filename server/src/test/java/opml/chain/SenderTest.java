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

  private static BigInteger gwei(long n) {
    return BigInteger.valueOf(n).multiply(BigInteger.TEN.pow(9));
  }

  /** Makes a block whose gas costs so much. */
  private static void price(Anvil node, long gweis) {
    node.baseFee(gwei(gweis));
    node.pass(1);
  }

  private static BigInteger offers(Journal journal, String key) {
    return journal.versions(key).getLast().fee().most();
  }

  @Test
  void aHundredfoldPriceOfGasIsMetByAllThatWait() {
    Account account = funded("spike");
    MemoryJournal journal = new MemoryJournal();
    try (Anvil node = Anvil.start(null, 0)) {
      node.fund(account.address(), ETHER.multiply(BigInteger.TEN));
      node.mineAtOnce(false);
      Sender sender = new Sender(node.chain(), account, journal, Duration.ofMillis(50));
      for (int i = 0; i < 3; i++) {
        sender.post("move " + i, pay(PAYEE), "due");
      }
      price(node, 100);
      for (int i = 0; i < 3; i++) {
        String key = "move " + i;
        tendUntil(sender, () -> offers(journal, key).compareTo(gwei(150)) > 0);
      }
      price(node, 150);
      sender.tend();
      for (int i = 0; i < 3; i++) {
        Sent sent = sender.outcome("move " + i).orElseThrow();
        assertEquals(journal.versions("move " + i).getLast().hash(), sent.transaction());
      }
      assertEquals(3, node.chain().nonce(account.address(), false));
    }
  }

  /** The dearer version was signed while gas was dear, and is beyond the account for ever. */
  @Test
  void aVersionThatTheAccountCannotPayDoesNotKeepBackTheOneBefore() {
    Account account = funded("short");
    MemoryJournal journal = new MemoryJournal();
    try (Anvil node = Anvil.start(null, 0)) {
      node.fund(account.address(), ETHER.add(gwei(31_000 * 10)));
      node.mineAtOnce(false);
      Sender sender = new Sender(node.chain(), account, journal, Duration.ofMillis(20));
      sender.post("a", pay(PAYEE), "due");
      price(node, 100);
      tendUntil(sender, () -> offers(journal, "a").compareTo(gwei(100)) > 0);
      node.forget();
      price(node, 1);
      tendUntil(sender, () -> node.chain().nonce(account.address(), true) == 1);
      node.pass(1);
      sender.tend();
      assertTrue(sender.outcome("a").orElseThrow().succeeded());
    }
  }

  @Test
  void whatWasSignedForAPriceThatNobodyAsksAnyMoreIsOfferedForLess() {
    Account account = funded("fallen");
    MemoryJournal journal = new MemoryJournal();
    try (Anvil node = Anvil.start(null, 0)) {
      node.fund(account.address(), ETHER.add(gwei(31_000 * 10)));
      node.mineAtOnce(false);
      price(node, 100);
      Sender sender = new Sender(node.chain(), account, journal, Duration.ofMillis(20));
      sender.post("a", pay(PAYEE), "due");
      price(node, 1);
      tendUntil(sender, () -> node.chain().nonce(account.address(), true) == 1);
      node.pass(1);
      sender.tend();
      assertTrue(sender.outcome("a").orElseThrow().succeeded());
      assertEquals(1, node.chain().nonce(account.address(), false));
    }
  }

  /** Who makes blocks gets the tips, and may be the one who tells what a block costs. */
  @Test
  void noTipGrowsWithoutEndBecauseANodeTellsOfEverDearerBlocks() {
    Account account = funded("tips");
    MemoryJournal journal = new MemoryJournal();
    Chain greedy =
        new LosingChain(chain, Integer.MAX_VALUE) {
          private BigInteger told = gwei(1);

          @Override
          public Fee fee() {
            told = told.multiply(BigInteger.TWO);
            return new Fee(gwei(1), told);
          }
        };
    Sender sender = new Sender(greedy, account, journal, Duration.ZERO);
    sender.post("a", pay(PAYEE), "due");
    for (int i = 0; i < 100; i++) {
      Sender again = new Sender(greedy, account, journal, Duration.ZERO); // as after a second
      again.tend();
      again.tend();
    }
    BigInteger tip = journal.versions("a").getLast().fee().priority();
    assertTrue(tip.compareTo(gwei(100)) <= 0, tip + " wei");
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

  /** As after an endpoint has told a wrong nonce when nothing was signed yet. */
  @Test
  void aFarNonceIsNotReachedByPayingForAllBelowIt() {
    Account account = funded("abyss");
    MemoryJournal journal = new MemoryJournal();
    journal.save(account.sign("far", pay(PAYEE), chain.chainId(), 70, 30_000, chain.fee()));
    Sender careful = new Sender(chain, account, journal);
    ChainDown refused = assertThrows(ChainDown.class, careful::tend);
    assertTrue(refused.getMessage().contains("unknown-transactions=70"), refused.getMessage());
    assertEquals(0, chain.nonce(account.address(), true));
    new Sender(chain, account, journal, 70).tend();
    assertEquals(71, chain.nonce(account.address(), true));
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

  /** A database restored from a backup: the chain has done much that it knows nothing of. */
  @Test
  void whoRestoresAnOldJournalIsToldHowToGoOn() {
    Account account = funded("restored");
    MemoryJournal backup = new MemoryJournal();
    assertThrows(
        ChainDown.class,
        () -> new Sender(new DeafChain(chain), account, backup).send("a", pay(PAYEE)));
    Sender later = new Sender(chain, account, new MemoryJournal());
    for (int i = 0; i < 70; i++) {
      later.send("later " + i, new Call(PAYEE, new byte[0]));
    }
    Sender restored = new Sender(chain, account, backup);
    ChainDown refused = assertThrows(ChainDown.class, () -> restored.send("b", pay(PAYEE)));
    String remedy = "opml.chain.unknown-transactions=69";
    assertTrue(refused.getMessage().endsWith(remedy), refused.getMessage());
    Sender told = new Sender(chain, account, backup, 69);
    assertTrue(told.send("b", pay(PAYEE)).succeeded());
    assertTrue(new Sender(chain, account, backup).send("c", pay(PAYEE)).succeeded(), "once");
  }

  private static void tendUntil(Sender sender, java.util.function.BooleanSupplier holds) {
    for (int i = 0; i < 2000 && !holds.getAsBoolean(); i++) {
      try {
        sender.tend();
      } catch (ChainDown e) {
        assertTrue(e.answered(), "refused for the time being");
      }
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
