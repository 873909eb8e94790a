package opml.dispute;

import static opml.dispute.ChallengerPlayer.Proof.NEVER;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import opml.chain.Account;
import opml.chain.Anvil;
import opml.chain.Chain;
import opml.chain.ChainDown;
import opml.chain.Claim;
import opml.chain.Contracts;
import opml.chain.Deployment;
import opml.chain.DisputeContract;
import opml.chain.FaultyProxy;
import opml.chain.FaultyProxy.Fault;
import opml.chain.GameKey;
import opml.chain.MemoryJournal;
import opml.chain.Sender;
import opml.chain.Terms;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An honest proposer one of whose two endpoints fails, from the middle of the game on. */
class FaultyEndpointGameTest {
  private static final MachineProgram PROGRAM = ToyGuest.program();
  private static final byte[] INPUT = ToyGuest.input("whom to believe");
  private static final Answered TRUTH = Answered.by(PROGRAM, INPUT);

  private static Account account(Anvil anvil, String name) {
    Account account = Account.ofSeed(name.getBytes(StandardCharsets.UTF_8));
    anvil.fund(account.address(), BigInteger.TEN.pow(20));
    return account;
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"SILENT", "NULL", "FROZEN", "AHEAD", "NO_LOGS", "SWALLOWS", "FAKE_RECEIPTS"})
  void theGameIsWonAllTheSame(Fault fault) throws IOException {
    try (Anvil anvil = Anvil.start(null, 0);
        FaultyProxy faulty = new FaultyProxy(anvil.url());
        FaultyProxy good = new FaultyProxy(anvil.url());
        Chain both =
            Chain.connect(List.of(faulty.url(), good.url()), Duration.ofMillis(300), 2000)) {
      Sender liar = new Sender(anvil.chain(), account(anvil, "liar"), new MemoryJournal());
      Sender honest = new Sender(both, account(anvil, "honest"), new MemoryJournal());
      Contracts contracts = Deployment.deploy(liar, Terms.LOCAL);
      DisputeContract direct = new DisputeContract(anvil.chain(), contracts.dispute());
      Opening opening = new Opening(PROGRAM, INPUT, TRUTH, contracts, Terms.LOCAL);
      Claim claim = opening.claim(honest, direct);
      GameKey key = opening.open(claim, new byte[32], liar, direct);
      Player challenger =
          new ChallengerPlayer(
              new Table(anvil.chain(), direct, 0),
              liar,
              Liar.plant(PROGRAM, INPUT, TRUTH, Lie.OUTPUT, 1).trace(),
              played -> {},
              NEVER);
      List<Table> tables = new ArrayList<>();
      for (Chain endpoint : both.endpoints()) {
        tables.add(new Table(endpoint, new DisputeContract(endpoint, contracts.dispute()), 0));
      }
      Player proposer =
          new ProposerPlayer(
              tables.getFirst(), honest, new ReplayTrace(PROGRAM, INPUT), played -> {});
      for (int look = 0; !direct.isOver(key.id()) && look < 60; look++) {
        if (look == 4) {
          faulty.fail(fault);
        }
        proposer.sitAt(tables.get(look % 2));
        try {
          proposer.play(claim.id());
        } catch (ChainDown e) {
          // this endpoint has nothing to say: the other one comes next
        }
        challenger.play(claim.id());
      }
      assertEquals(1, direct.claim(claim.id()).wonGames(), "won despite " + fault);
    }
  }
}
