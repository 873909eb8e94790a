package opml.chain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import opml.chain.FaultyProxy.Fault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real node behind a proxy that fails in each of the ways endpoints fail. */
class FaultyEndpointTest {
  private static final Duration TIMEOUT = Duration.ofMillis(400);
  private static final String PAYEE = "0x00000000000000000000000000000000000a11ce";
  private Anvil anvil;
  private FaultyProxy faulty;
  private FaultyProxy good;
  private Account account;
  private Chain both;

  @BeforeEach
  void start() {
    anvil = Anvil.start(null, 0);
    faulty = new FaultyProxy(anvil.url());
    good = new FaultyProxy(anvil.url());
    account = Account.ofSeed("faulty".getBytes(StandardCharsets.US_ASCII));
    anvil.fund(account.address(), BigInteger.TEN.pow(20));
    both = Chain.connect(List.of(faulty.url(), good.url()), TIMEOUT, 2000);
  }

  @AfterEach
  void stop() throws IOException {
    both.close();
    faulty.close();
    good.close();
    anvil.close();
  }

  private static Call pay() {
    return new Call(PAYEE, new byte[0], BigInteger.TEN);
  }

  /** Whatever the first endpoint does, what is sent is done, once. */
  @ParameterizedTest
  @EnumSource(Fault.class)
  void whatIsSentIsDoneOnceWhateverOneEndpointDoes(Fault fault) {
    faulty.fail(fault);
    Sender sender = new Sender(both, account, new MemoryJournal(), Duration.ofSeconds(5));
    assertTrue(sender.send("a", pay()).succeeded());
    assertTrue(sender.send("b", pay()).succeeded());
    for (int i = 0; i < 50 && anvil.chain().balance(PAYEE).intValue() < 20; i++) {
      sender.tend();
    }
    assertEquals(BigInteger.valueOf(20), anvil.chain().balance(PAYEE));
    assertEquals(2, anvil.chain().nonce(account.address(), false));
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"SILENT", "CUT", "ERROR", "NULL", "GARBAGE"})
  void anEndpointThatSaysNothingUsefulIsTellingSoAndIsPassedOver(Fault fault) {
    faulty.fail(fault);
    try (Chain alone = Chain.connect(List.of(faulty.url()), TIMEOUT, 2000)) {
      assertThrows(ChainDown.class, alone::head);
      assertThrows(ChainDown.class, () -> alone.nonce(account.address(), true));
      assertThrows(ChainDown.class, () -> alone.estimate(account.address(), pay()));
      assertThrows(ChainDown.class, () -> alone.logs(0, 0, List.of(PAYEE), List.of()));
      assertThrows(ChainDown.class, alone::fee);
    }
    assertEquals(anvil.chain().head(), both.head());
    assertEquals(anvil.chain().blockHash(0), both.blockHash(0));
    assertEquals(0, both.nonce(account.address(), true));
  }

  @Test
  void anAnswerThatNeverEndsIsReadUpToABound() {
    faulty.fail(Fault.ENDLESS);
    try (Chain alone = Chain.connect(List.of(faulty.url()), Duration.ofMinutes(1), 2000)) {
      ChainDown down = assertThrows(ChainDown.class, alone::head);
      assertTrue(down.getMessage().contains("more than 67108864 bytes"), down.getMessage());
      assertTrue(down.answered());
    }
  }

  @Test
  void anEndpointThatFailedIsNotAskedFirstEachTime() {
    faulty.fail(Fault.SILENT);
    both.head();
    int asked = faulty.requests();
    for (int i = 0; i < 20; i++) {
      both.blockTime(0);
    }
    assertEquals(asked, faulty.requests());
  }

  @Test
  void aHeadThatNobodyElseKnowsIsNotBelieved() {
    faulty.fail(Fault.AHEAD);
    assertEquals(anvil.chain().head(), both.head());
  }

  @Test
  void logsAreNotTakenFromAnEndpointThatHasNotGotTheirBlocks() {
    Sender sender = new Sender(anvil.chain(), account, new MemoryJournal());
    faulty.fail(Fault.FROZEN);
    String registry = Deployment.deploy(sender, "Registry");
    Model model =
        new Model(registry, new byte[] {10, 10, 20, 15, 11, 7}, new byte[32], new byte[32]);
    sender.send(
        "register",
        new Call(registry, Contracts.abi("Registry").call("register", model.tuple(), List.of())));
    long head = anvil.chain().head();
    assertEquals(1, both.logs(0, head, List.of(registry), List.of()).size());
  }

  /** A node that hides logs stands first: a claim or a move would not be heard of. */
  @Test
  void logsThatOneEndpointHidesAreHeardOfAnother() {
    Sender sender = new Sender(anvil.chain(), account, new MemoryJournal());
    String registry = Deployment.deploy(sender, "Registry");
    Model model =
        new Model(registry, new byte[] {10, 10, 20, 15, 11, 7}, new byte[32], new byte[32]);
    sender.send(
        "register",
        new Call(registry, Contracts.abi("Registry").call("register", model.tuple(), List.of())));
    long head = anvil.chain().head();
    faulty.fail(Fault.NO_LOGS);
    String hash = both.block(head).orElseThrow().hash();
    assertEquals(1, both.logs(hash, List.of(registry)).size());
    assertEquals(1, both.logs(0, head, List.of(registry), List.of()).size());
  }

  @Test
  void logsOfAnyRangeAreReadFromAnEndpointThatTakesFewBlocks() {
    Sender sender = new Sender(anvil.chain(), account, new MemoryJournal());
    String registry = Deployment.deploy(sender, "Registry");
    for (int i = 0; i < 3; i++) {
      Model model =
          new Model(
              registry, new byte[] {10, 10, 20, 15, 11, (byte) i}, new byte[32], new byte[32]);
      sender.send(
          "register " + i,
          new Call(registry, Contracts.abi("Registry").call("register", model.tuple(), List.of())));
      for (int block = 0; block < 30; block++) {
        anvil.pass(1);
      }
    }
    faulty.fail(Fault.NARROW);
    List<Log> all = anvil.chain().logs(0, anvil.chain().head(), List.of(registry), List.of());
    try (Chain narrow = Chain.connect(List.of(faulty.url()), TIMEOUT, 2000)) {
      List<Log> paged = narrow.logs(0, narrow.head(), List.of(registry), List.of());
      assertEquals(3, paged.size());
      for (int i = 0; i < 3; i++) {
        assertArrayEquals(all.get(i).data(), paged.get(i).data());
        assertEquals(all.get(i).block(), paged.get(i).block());
      }
    }
  }

  @Test
  void anEndpointOfAnotherChainIsAsGoodAsNone() {
    try (Anvil other = Anvil.start(null, 0)) {
      ((JsonRpcChain) other.chain()).develop("anvil_setChainId", 4242);
      try (Chain mixed = Chain.connect(List.of(good.url(), other.url()), TIMEOUT, 2000)) {
        anvil.pass(1);
        assertEquals(Anvil.CHAIN_ID, mixed.chainId());
        assertEquals(anvil.chain().head(), mixed.head());
        assertFalse(mixed.endpoints().stream().anyMatch(c -> c.url().equals(other.url())));
      }
    }
  }
}
