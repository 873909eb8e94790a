package opml.chain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import opml.commitment.Keccak;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReceiptsTest {
  private static final BigInteger ETHER = BigInteger.TEN.pow(18);
  private static final byte[] INPUT = new byte[33];
  private static final byte[] OUTPUT = new byte[17];
  private static Anvil anvil;
  private static Chain chain;
  private static Contracts contracts;
  private static ReceiptsContract receipts;
  private static final Account PROPOSER = account("proposer");
  private static Sender proposer;
  private static Sender challenger;

  @BeforeAll
  static void start() {
    INPUT[20] = 1;
    OUTPUT[12] = 1;
    anvil = Anvil.start(null, 0);
    chain = anvil.chain();
    proposer = sender(PROPOSER);
    challenger = sender(account("challenger"));
    contracts = Deployment.deploy(sender(account("deployer")), Terms.LOCAL);
    receipts = new ReceiptsContract(chain, contracts.receipts());
    proposer.send("escrow", receipts.deposit(ETHER));
  }

  @AfterAll
  static void end() {
    anvil.close();
  }

  private static Account account(String seed) {
    return Account.ofSeed(seed.getBytes(StandardCharsets.UTF_8));
  }

  private static Sender sender(Account account) {
    anvil.fund(account.address(), ETHER.multiply(BigInteger.TEN));
    return new Sender(chain, account, new MemoryJournal());
  }

  private static Model model() {
    return new Model(
        contracts.verifier(), new byte[] {5, 10, 5, 7, 11, 7}, new byte[32], new byte[32]);
  }

  private static Receipt receipt(int h) {
    return new Receipt(
        model().id(),
        Keccak.hash(INPUT),
        Keccak.hash(OUTPUT),
        h,
        chain.blockTime(chain.head()) + 3600,
        PROPOSER.address());
  }

  private static Call challenged(Receipt receipt, byte[] signature) {
    return receipts.challenge(
        receipt, signature, model(), INPUT, OUTPUT, new byte[32], Terms.LOCAL.challengeBond());
  }

  @Test
  void theIdIsTheContractsHash() {
    assertArrayEquals(receipts.hashOf(receipt(3)), receipt(3).id());
  }

  @Test
  void aSignedReceiptCanBeChallengedAndAForgedOneNot() {
    Receipt receipt = receipt(1);
    byte[] digest = receipt.digest(chain.chainId(), contracts.receipts());
    Sent sent = challenger.send("signed", challenged(receipt, PROPOSER.sign(digest)));
    ChainEvent event = receipts.events(sent).getFirst();
    assertArrayEquals(receipt.id(), event.bytes("receiptHash"));
    assertArrayEquals(receipts.claimFor(receipt).id(), event.bytes("claimId"));
    assertEquals(
        ETHER.subtract(Terms.LOCAL.claimBond()), receipts.escrow(PROPOSER.address()).amount());
    byte[] forged = account("challenger").sign(receipt(2).digest(1, contracts.receipts()));
    Reverted refused =
        assertThrows(
            Reverted.class, () -> challenger.send("forged", challenged(receipt(2), forged)));
    assertEquals("WrongSignature", refused.error());
  }

  @Test
  void anAnchoredReceiptIsProvenByItsBranch() {
    Receipt receipt = receipt(4);
    byte[] sibling = receipt(3).id();
    byte[] root = new byte[32];
    Keccak.pair(sibling, 0, receipt.id(), 0, root, 0);
    proposer.send("anchor", receipts.anchor(root, 2));
    assertEquals(chain.blockTime(chain.head()), receipts.anchoredAt(PROPOSER.address(), root));
    Sent sent =
        challenger.send(
            "anchored",
            receipts.challenge(
                receipt,
                root,
                1,
                List.of(sibling),
                model(),
                INPUT,
                OUTPUT,
                new byte[32],
                Terms.LOCAL.challengeBond()));
    assertArrayEquals(receipt.id(), receipts.events(sent).getFirst().bytes("receiptHash"));
  }

  @Test
  void anOracleRequestKeepsItsIdAndItsContent() {
    OracleContract oracle = new OracleContract(chain, contracts.oracle());
    long now = chain.blockTime(chain.head());
    OracleRequest request =
        new OracleRequest(
            model().id(),
            Keccak.hash(INPUT),
            1,
            challenger.account(),
            PROPOSER.address(),
            now + 100,
            now + 1000,
            BigInteger.valueOf(5),
            OracleRequest.NOBODY,
            0,
            false,
            new byte[32]);
    challenger.send("ask", oracle.request(request, model(), INPUT));
    ChainEvent event = oracle.events(0, chain.head(), request.id()).getFirst();
    assertArrayEquals(request.id(), OracleContract.requested(event).id());
    assertArrayEquals(INPUT, event.bytes("input"));
    assertEquals(OracleContract.Phase.OPEN, oracle.answer(request.id()).phase());
    byte[] output = Keccak.hash(OUTPUT);
    Claim claim = oracle.claimFor(request, PROPOSER.address(), output);
    proposer.send("claim", oracle.claim(request, OUTPUT, new byte[32], Terms.LOCAL.claimBond()));
    assertEquals(
        DisputeContract.Status.OPEN,
        new DisputeContract(chain, contracts.dispute()).claim(claim.id()).status());
  }
}
