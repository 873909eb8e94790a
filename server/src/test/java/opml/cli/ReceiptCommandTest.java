package opml.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.chain.Account;
import opml.chain.Anvil;
import opml.chain.Chain;
import opml.chain.Contracts;
import opml.chain.Deployment;
import opml.chain.DisputeContract;
import opml.chain.Hex;
import opml.chain.MemoryJournal;
import opml.chain.Receipt;
import opml.chain.ReceiptsContract;
import opml.chain.Sender;
import opml.chain.Terms;
import opml.commitment.Keccak;
import opml.dispute.Answered;
import opml.dispute.EngineProgram;
import opml.inference.Engine;
import opml.outbox.Keys;
import opml.request.Request;
import opml.world.ShownPages;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Receipts of a server that may say anything, on a chain of their own. */
class ReceiptCommandTest {
  private static final BigInteger ETHER = BigInteger.TEN.pow(18);
  private static final Account PROPOSER = Keys.development("proposer");

  @RegisterExtension final Terminal terminal = new Terminal();

  private Anvil anvil;
  private Chain chain;
  private Contracts contracts;
  private ShownPages server;
  private byte[] modelId;
  private byte[] input;
  private Answered truth;

  @BeforeEach
  void start() throws IOException {
    anvil = Anvil.start(null, 0);
    chain = anvil.chain();
    anvil.fund(PROPOSER.address(), ETHER.multiply(BigInteger.TEN));
    anvil.fund(Keys.development("validator").address(), ETHER.multiply(BigInteger.TEN));
    Sender sender = new Sender(chain, PROPOSER, new MemoryJournal());
    contracts = Deployment.deploy(sender, Terms.LOCAL);
    sender.send("escrow", receipts().deposit(ETHER));

    input = Request.ask("What is 3 plus 3?", 8).encode();
    try (ModelImage image = ModelStore.standard().open("opml-tiny", Out.progress());
        Engine engine = new Engine(image, 1)) {
      modelId = image.modelId(Hex.bytes(contracts.verifier()));
      truth = Answered.by(new EngineProgram(image, engine), input);
    }
    server = new ShownPages();
    server.chain(chain.url(), contracts.dispute(), contracts.receipts());
  }

  @AfterEach
  void end() {
    server.close();
    chain.close();
    anvil.close();
  }

  private ReceiptsContract receipts() {
    return new ReceiptsContract(chain, contracts.receipts());
  }

  /** Shows a receipt for an answer; its id. */
  private String shown(byte[] output, Account signer, int h) {
    long deadline = chain.blockTime(chain.head()) + 600;
    Receipt receipt =
        new Receipt(
            modelId, Keccak.hash(input), Keccak.hash(output), h, deadline, PROPOSER.address());
    byte[] digest = receipt.digest(chain.chainId(), contracts.receipts());
    return server.receipt(receipt, input, output, signer.sign(digest));
  }

  private String[] words(String what, String id) {
    String[] words = {"receipt", what, id, "--server", server.address(), "--json"};
    if (what.equals("challenge")) {
      words = Arrays.copyOf(words, words.length + 2);
      words[words.length - 2] = "--rpc-url";
      words[words.length - 1] = chain.url();
    }
    return words;
  }

  private JsonNode told(int code, String what, String id) throws IOException {
    assertEquals(code, terminal.run(words(what, id)), () -> terminal.err());
    return Out.JSON.readTree(terminal.out());
  }

  private byte[] lie() {
    byte[] lie = truth.output().clone();
    lie[lie.length - 1] ^= 1;
    return lie;
  }

  @Test
  void aTrueReceiptIsRightAndNothingIsSent() throws IOException {
    String id = shown(truth.output(), PROPOSER, truth.h());
    for (String what : new String[] {"check", "challenge"}) {
      long head = chain.head();
      JsonNode told = told(0, what, id);
      assertTrue(told.get("right").booleanValue());
      assertTrue(told.get("signed").booleanValue());
      assertFalse(told.get("anchored").booleanValue());
      assertEquals("opml-tiny", told.get("model").textValue());
      assertEquals(truth.text(), told.get("text").textValue());
      assertEquals(head, chain.head());
    }
  }

  @Test
  void damagedModelsAreNamedAndTheRightOneIsFound() throws IOException {
    Path models = terminal.home().resolve("models");
    Path unreadable = Files.createDirectories(models.resolve("aaa"));
    Files.writeString(unreadable.resolve("model.json"), "{");
    Path weightless = Files.createDirectories(models.resolve("bbb"));
    Path info = models.resolve("opml-tiny/model.json");
    String named = Files.readString(info).replace("opml-tiny", "bbb");
    Files.writeString(weightless.resolve("model.json"), named);
    assertTrue(
        told(0, "check", shown(truth.output(), PROPOSER, truth.h())).get("right").asBoolean());
    assertTrue(terminal.err().contains("models/aaa is damaged ("), terminal.err());
    assertTrue(terminal.err().contains("models/bbb is damaged ("), terminal.err());
  }

  /** The own copy says what is false: it has to be what was imported. */
  @Test
  void nobodyIsCalledALiarByADamagedCopy() throws IOException {
    Path weights = terminal.home().resolve("models/opml-tiny/weights.bin");
    byte[] bytes = Files.readAllBytes(weights);
    Arrays.fill(bytes, bytes.length / 2, bytes.length - 1, (byte) 1);
    Files.write(weights, bytes);
    String id = shown(truth.output(), PROPOSER, truth.h());
    for (String what : new String[] {"check", "challenge"}) {
      long head = chain.head();
      String said = terminal.refused(1, words(what, id));
      assertTrue(said.contains("models/opml-tiny is damaged (weights from byte"), said);
      assertEquals(head, chain.head());
    }
  }

  @Test
  void aFalseAnswerIsToldAndChallenged() throws IOException {
    String id = shown(lie(), PROPOSER, truth.h());
    JsonNode told = told(3, "check", id);
    assertFalse(told.get("right").booleanValue());
    assertEquals(truth.text(), told.get("text").textValue());

    BigInteger escrow = receipts().escrow(PROPOSER.address()).amount();
    assertTrue(told(3, "challenge", id).get("transaction").textValue().matches("0x[0-9a-f]{64}"));
    BigInteger left = receipts().escrow(PROPOSER.address()).amount();
    assertEquals(Terms.LOCAL.claimBond(), escrow.subtract(left));
    String dispute = contracts.dispute();
    assertEquals(
        1,
        new DisputeContract(chain, dispute)
            .events(0, chain.head(), receipts().claimFor(receipt(id)).id()).stream()
                .filter(event -> event.name().equals("GameOpened"))
                .count());
  }

  private Receipt receipt(String id) {
    JsonNode page = Out.JSON.valueToTree(server.page(id));
    return ShownReceipt.of(id, page).receipt();
  }

  /** A true answer of more operators than 64^h is not what was claimed. */
  @Test
  void aTraceThatIsLongerThanClaimedIsFalse() throws IOException {
    assertTrue(truth.h() > 1);
    String id = shown(truth.output(), PROPOSER, truth.h() - 1);
    assertFalse(told(3, "check", id).get("right").booleanValue());
  }

  @Test
  void aReceiptThatBindsNobodyIsRefused() {
    String id = shown(truth.output(), Keys.development("liar"), truth.h());
    String said = terminal.refused(1, words("check", id));
    assertTrue(said.contains("nobody is bound"), said);
  }

  @Test
  void anAnchoredReceiptBindsWithoutASignature() throws IOException {
    String id = shown(lie(), Keys.development("liar"), truth.h());
    byte[] leaf = Hex.bytes(id);
    byte[] sibling = new byte[32];
    byte[] root = new byte[32];
    Keccak.pair(leaf, 0, sibling, 0, root, 0);
    new Sender(chain, PROPOSER, new MemoryJournal()).send("anchor", receipts().anchor(root, 1));
    Map<String, Object> page = server.page(id);
    String[] branch = {Hex.of(sibling)};
    // the one leaf of its branch that it can be, whatever stands above it
    page.put("anchor", Map.of("root", Hex.of(root), "index", 2, "branch", branch));
    page.put("signature", null);
    JsonNode told = told(3, "challenge", id);
    assertTrue(told.get("anchored").booleanValue());
    assertFalse(told.get("signed").booleanValue());
    assertTrue(told.get("transaction").isTextual());
  }

  @Test
  void whatIsNotTheReceiptOrItsBytesIsRefused() {
    String id = shown(truth.output(), PROPOSER, truth.h());
    Map<String, Object> page = server.page(id);
    page.put("output", Hex.of(lie()));
    assertTrue(terminal.refused(1, words("check", id)).contains("another answer"));
    page.put("outputHash", Hex.of(Keccak.hash(lie())));
    assertTrue(terminal.refused(1, words("check", id)).contains("another receipt"));
    page.remove("h");
    assertTrue(terminal.refused(1, words("check", id)).contains("receipt"));
  }

  @Test
  void contractsOfOthersAreRefused() {
    String id = shown(truth.output(), PROPOSER, truth.h());
    Sender sender = new Sender(chain, PROPOSER, new MemoryJournal());
    Contracts other = Deployment.deploy(sender, Terms.LOCAL);
    server.chain(chain.url(), other.dispute(), contracts.receipts());
    assertTrue(terminal.refused(1, words("check", id)).contains("not the Receipts contract"));
  }

  private BigInteger staked() {
    return ETHER
        .multiply(BigInteger.TEN)
        .subtract(chain.balance(Keys.development("validator").address()));
  }

  /** The server's may be any chain's, and tell any bond. */
  @Test
  void aChallengeGoesByAnEndpointOfOnesOwn() {
    String id = shown(lie(), PROPOSER, truth.h());
    String[] words = words("challenge", id);
    String said = terminal.refused(2, Arrays.copyOf(words, words.length - 2));
    assertTrue(said.contains("--rpc-url"), said);
    assertEquals(BigInteger.ZERO, staked());
  }

  @Test
  void theOtherFormOfASignatureBindsToo() throws IOException {
    String id = shown(lie(), PROPOSER, truth.h());
    byte[] signature = Hex.bytes((String) server.page(id).get("signature"));
    BigInteger order =
        new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
    byte[] high =
        order.subtract(new BigInteger(1, Arrays.copyOfRange(signature, 32, 64))).toByteArray();
    System.arraycopy(high, high.length - 32, signature, 32, 32);
    signature[64] = (byte) (27 + 28 - signature[64]);
    server.page(id).put("signature", Hex.of(signature));
    JsonNode told = told(3, "challenge", id);
    assertTrue(told.get("signed").booleanValue());
    assertTrue(told.get("transaction").isTextual());
  }

  @Test
  void oneBondIsStakedHoweverOftenItIsChallenged() throws IOException {
    String id = shown(lie(), PROPOSER, truth.h());
    told(3, "challenge", id);
    BigInteger staked = staked();
    String said = terminal.refused(1, words("challenge", id));
    assertTrue(said.contains("already, game 0x"), said);
    assertEquals(staked, staked());
  }

  @Test
  void aReceiptOfThePastBindsNobody() throws IOException {
    String id = shown(lie(), PROPOSER, truth.h());
    anvil.pass(700);
    told(3, "check", id);
    assertTrue(terminal.err().contains("deadline is over"), terminal.err());
    String said = terminal.refused(1, words("challenge", id));
    assertTrue(said.contains("could be challenged until"), said);
    assertEquals(BigInteger.ZERO, staked());
  }

  /** Its code is that of this build; so it takes what is staked from whoever cannot play. */
  @Test
  void contractsOnTermsThatNobodyCanWinByTakeNoBond() throws IOException {
    anvil.fund(PROPOSER.address(), ETHER.multiply(BigInteger.valueOf(99)));
    deploy(new Terms(ETHER, 60, 300, 300));
    String dear = terminal.refused(1, words("challenge", shown(lie(), PROPOSER, truth.h())));
    assertTrue(dear.contains("the bond is 1 ether, and --bond-max 0.032 ether"), dear);
    deploy(new Terms(Terms.LOCAL.challengeBond(), 60, 300, 1));
    String id = shown(lie(), PROPOSER, truth.h());
    String hasty = terminal.refused(1, words("challenge", id));
    assertTrue(hasty.contains("clock of 1 s"), hasty);
    assertRefused(new Terms(Terms.LOCAL.challengeBond(), 60, 300, 100), "clock of 100 s");
    assertRefused(
        new Terms(Terms.LOCAL.challengeBond(), 60, 8 * 24 * 3600, 300), "waiting for 691200 s");
    deploy(new Terms(Terms.LOCAL.challengeBond(), 60, Integer.MAX_VALUE, 1));
    id = shown(lie(), PROPOSER, truth.h());
    assertEquals(BigInteger.ZERO, staked());
    assertEquals(1, told(3, "check", id).get("challengerSeconds").intValue());
    assertTrue(terminal.err().contains("no time to play"), terminal.err());
    assertTrue(terminal.err().contains("may play for weeks"), terminal.err());
    deploy(new Terms(BigInteger.valueOf(320), 60, 300, 300));
    told(3, "check", shown(lie(), PROPOSER, truth.h()));
    assertTrue(terminal.err().contains("less than the gas of a game"), terminal.err());
  }

  private void assertRefused(Terms terms, String why) throws IOException {
    deploy(terms);
    String said = terminal.refused(1, words("challenge", shown(lie(), PROPOSER, truth.h())));
    assertTrue(said.contains(why), said);
  }

  private void deploy(Terms terms) throws IOException {
    Sender sender = new Sender(chain, PROPOSER, new MemoryJournal());
    contracts = Deployment.deploy(sender, terms);
    sender.send("escrow", receipts().deposit(ETHER.multiply(BigInteger.valueOf(5))));
    try (ModelImage image = ModelStore.standard().open("opml-tiny", Out.progress())) {
      modelId = image.modelId(Hex.bytes(contracts.verifier()));
    }
    server.chain(chain.url(), contracts.dispute(), contracts.receipts());
  }
}
