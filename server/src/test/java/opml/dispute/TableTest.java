package opml.dispute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import opml.chain.Account;
import opml.chain.Anvil;
import opml.chain.Chain;
import opml.chain.Claim;
import opml.chain.Contracts;
import opml.chain.Deployment;
import opml.chain.DisputeContract;
import opml.chain.MemoryJournal;
import opml.chain.Sender;
import opml.chain.Terms;
import opml.commitment.Keccak;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TableTest {
  private static final MachineProgram PROGRAM = ToyGuest.program();
  private static final byte[] INPUT = ToyGuest.input("what was read");
  private static final Answered TRUTH = Answered.by(PROGRAM, INPUT);

  private static final Terms TERMS = new Terms(Terms.LOCAL.challengeBond(), 6000, 300, 300);

  private Anvil anvil;
  private Contracts contracts;
  private Opening opening;
  private Sender party;
  private Claim claim;

  @BeforeEach
  void start() {
    anvil = Anvil.start(null, 0);
    Account account = Account.ofSeed("table".getBytes(StandardCharsets.US_ASCII));
    anvil.fund(account.address(), BigInteger.TEN.pow(20));
    party = new Sender(anvil.chain(), account, new MemoryJournal());
    contracts = Deployment.deploy(party, TERMS);
    opening = new Opening(PROGRAM, INPUT, TRUTH, contracts, TERMS);
    claim = opening.claim(party, dispute(anvil.chain()));
  }

  @AfterEach
  void stop() {
    anvil.close();
  }

  private DisputeContract dispute(Chain chain) {
    return new DisputeContract(chain, contracts.dispute());
  }

  private void open(int salt) {
    byte[] bytes = Keccak.hash(new byte[] {(byte) salt});
    opening.open(claim, bytes, party, dispute(anvil.chain()));
  }

  private void blocks(int count) {
    for (int i = 0; i < count; i++) {
      anvil.pass(0);
    }
  }

  /** The blocks that a table asks for logs of. */
  private static Chain watched(Chain chain, List<Long> asked) {
    return (Chain)
        Proxy.newProxyInstance(
            Chain.class.getClassLoader(),
            new Class<?>[] {Chain.class},
            (self, method, arguments) -> {
              if (method.getName().equals("logs")) {
                asked.add((Long) arguments[1] - (Long) arguments[0] + 1);
              }
              try {
                return method.invoke(chain, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void blocksThatStandAreReadOnce() {
    open(1);
    blocks(40);
    List<Long> asked = new ArrayList<>();
    Chain chain = watched(anvil.chain(), asked);
    Table table = new Table(chain, dispute(chain), 0);
    for (int i = 2; i < 6; i++) {
      assertEquals(i - 1, table.games(claim.id()).size());
      open(i);
    }
    assertTrue(asked.getFirst() > 40, "the first look reads all: " + asked);
    assertTrue(asked.subList(1, 4).stream().allMatch(n -> n < 20), "later ones a few: " + asked);
  }

  @Test
  void whatAReorganisationUndoesIsForgottenHoweverDeepItIs() {
    Object before = anvil.snapshot();
    open(1);
    blocks(40);
    Table table = new Table(anvil.chain(), dispute(anvil.chain()), 0);
    assertEquals(1, table.games(claim.id()).size());
    assertEquals(1, table.games(claim.id()).size(), "as it was kept");
    anvil.revert(before);
    anvil.pass(77);
    assertEquals(0, table.games(claim.id()).size(), "a shorter chain");
    blocks(60);
    assertEquals(0, table.games(claim.id()).size(), "a longer chain");
    open(2); // and the sender does again what was undone
    assertEquals(2, table.games(claim.id()).size());
  }
}
