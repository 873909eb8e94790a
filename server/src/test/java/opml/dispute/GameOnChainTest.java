package opml.dispute;

import static opml.dispute.ChallengerPlayer.Proof.NEVER;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import opml.chain.Account;
import opml.chain.Anvil;
import opml.chain.Claim;
import opml.chain.Contracts;
import opml.chain.Deployment;
import opml.chain.DisputeContract;
import opml.chain.DisputeContract.Ending;
import opml.chain.DisputeContract.Status;
import opml.chain.EvmStep;
import opml.chain.GameKey;
import opml.chain.MemoryJournal;
import opml.chain.Model;
import opml.chain.Sender;
import opml.chain.Terms;
import opml.commitment.Keccak;
import opml.game.Rules;
import opml.game.Trace;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class GameOnChainTest {
  private static final MachineProgram PROGRAM = ToyGuest.program();
  private static final byte[] INPUT = ToyGuest.input("a question");
  private static final Answered TRUTH = Answered.by(PROGRAM, INPUT);
  private static Anvil anvil;
  private static Contracts contracts;
  private static DisputeContract dispute;
  private static Table table;
  private static int games;
  private final List<Played> moves = new ArrayList<>();

  @BeforeAll
  static void start() {
    anvil = Anvil.start(null, 0);
    contracts = Deployment.deploy(sender("deployer"), Terms.LOCAL);
    dispute = new DisputeContract(anvil.chain(), contracts.dispute());
    table = new Table(anvil.chain(), dispute, 0);
  }

  @AfterAll
  static void end() {
    anvil.close();
  }

  private static Sender sender(String name) {
    Account account = Account.ofSeed(name.getBytes(StandardCharsets.UTF_8));
    if (anvil.chain().balance(account.address()).signum() == 0) {
      anvil.fund(account.address(), BigInteger.TEN.pow(20));
    }
    return new Sender(anvil.chain(), account, new MemoryJournal());
  }

  private static Claim claim(Sender proposer, Answered answer) {
    Model model = PROGRAM.model(contracts.verifier());
    byte[] salt = Keccak.hash(new byte[] {(byte) games++});
    String who = proposer.account();
    Claim claim =
        new Claim(
            model.id(),
            Keccak.hash(INPUT),
            Keccak.hash(answer.output()),
            answer.h(),
            who,
            who,
            salt);
    proposer.send("claim " + games, dispute.create(claim, Terms.LOCAL.claimBond()));
    return claim;
  }

  private static GameKey open(Claim claim, Answered answer, Sender challenger) {
    GameKey key = new GameKey(claim.id(), challenger.account(), new byte[32]);
    challenger.send(
        "open " + games,
        dispute.open(
            claim,
            PROGRAM.model(contracts.verifier()),
            INPUT,
            answer.output(),
            key.salt(),
            key.challenger(),
            Terms.LOCAL.challengeBond()));
    return key;
  }

  private Ending play(byte[] claimId, GameKey key, Player... players) {
    for (int idle = 0; idle < 2; ) {
      int made = 0;
      for (Player player : players) {
        do { // on a busy machine a move is mined a moment after it was handed over
          made += player.play(claimId);
        } while (player.waits() > 0);
      }
      idle = made == 0 ? idle + 1 : 0;
    }
    return table.games(claimId).stream()
        .filter(g -> java.util.Arrays.equals(g.key().id(), key.id()))
        .findFirst()
        .orElseThrow()
        .ending();
  }

  private static Trace honest() {
    return new ReplayTrace(PROGRAM, INPUT);
  }

  @Test
  void theContractComputesTheFirstAndTheLastState() {
    Sender proposer = sender("p0");
    Claim claim = claim(proposer, TRUTH);
    open(claim, TRUTH, sender("c0"));
    GameState game = table.games(claim.id()).iterator().next();
    assertArrayEquals(honest().state(0), game.position().lo());
    assertArrayEquals(honest().state(1L << 30), game.position().hi());
    assertEquals(30, game.position().width());
    assertTrue(dispute.isPresent(game.position()));
    assertArrayEquals(claim.id(), game.key().claimId());
  }

  @Test
  void aLyingProposerLosesWhateverTheLie() {
    for (Lie lie : Lie.values()) {
      moves.clear();
      Liar liar = Liar.plant(PROGRAM, INPUT, TRUTH, lie, 3);
      Sender proposer = sender("p1");
      Sender challenger = sender("c1");
      Claim claim = claim(proposer, liar.answer());
      GameKey key = open(claim, liar.answer(), challenger);
      Ending ending =
          play(
              claim.id(),
              key,
              new ProposerPlayer(table, proposer, liar.trace(), moves::add),
              new ChallengerPlayer(table, challenger, honest(), moves::add));
      assertEquals(Ending.PROVED_WRONG, ending, lie.name());
      assertEquals(Status.DEFEATED, dispute.claim(claim.id()).status());
      assertEquals(Rules.STANDARD.moves(30), moves.size());
      BigInteger before = dispute.owed(challenger.account());
      challenger.send("settle " + games, dispute.settle(key, null));
      assertEquals(
          Terms.LOCAL.challengeBond().multiply(BigInteger.valueOf(3)),
          dispute.owed(challenger.account()).subtract(before));
    }
  }

  @Test
  void aLyingChallengerLosesWhateverTheLie() {
    for (Lie lie : Lie.values()) {
      moves.clear();
      Liar liar = Liar.plant(PROGRAM, INPUT, TRUTH, lie, 4);
      Sender proposer = sender("p2");
      Sender challenger = sender("c2");
      Claim claim = claim(proposer, TRUTH);
      GameKey key = open(claim, TRUTH, challenger);
      Ending ending =
          play(
              claim.id(),
              key,
              new ProposerPlayer(table, proposer, honest(), moves::add),
              new ChallengerPlayer(table, challenger, liar.trace(), moves::add, NEVER));
      assertEquals(Ending.PROVED_RIGHT, ending, lie.name());
      assertEquals(Rules.STANDARD.moves(30) + 1, moves.size());
      assertEquals(1, dispute.claim(claim.id()).wonGames());
    }
  }

  @Test
  void playersThatForgetEverythingAfterEachMoveStillWin() {
    Liar liar = Liar.plant(PROGRAM, INPUT, TRUTH, Lie.INSTRUCTION, 9);
    Claim claim = claim(sender("p3"), liar.answer());
    GameKey key = open(claim, liar.answer(), sender("c3"));
    boolean over = false;
    while (!over) {
      once(claim.id(), new ProposerPlayer(table, sender("p3"), liar.trace(), m -> {}));
      once(claim.id(), new ChallengerPlayer(table, sender("c3"), honest(), moves::add));
      over = dispute.isOver(key.id());
    }
    assertTrue(dispute.isWonByChallenger(key.id()));
    assertEquals(5, moves.size());
  }

  private static void once(byte[] claimId, Player player) {
    player.play(claimId);
    while (player.waits() > 0) {
      player.play(claimId);
    }
  }

  @Test
  void aSilentProposerLosesByTheClock() {
    Claim claim = claim(sender("p4"), TRUTH);
    GameKey key = open(claim, TRUTH, sender("c4"));
    anvil.pass(Terms.LOCAL.proposerTime());
    Ending ending =
        play(claim.id(), key, new ChallengerPlayer(table, sender("c4"), honest(), moves::add));
    assertEquals(Ending.PROPOSER_TIMEOUT, ending);
    assertEquals("timeout", moves.getFirst().kind());
  }

  @Test
  void aSilentChallengerLosesByTheClock() {
    Claim claim = claim(sender("p5"), TRUTH);
    GameKey key = open(claim, TRUTH, sender("c5"));
    ProposerPlayer proposer = new ProposerPlayer(table, sender("p5"), honest(), moves::add);
    assertEquals(1, proposer.play(claim.id()));
    anvil.pass(Terms.LOCAL.challengerTime());
    assertEquals(Ending.CHALLENGER_TIMEOUT, play(claim.id(), key, proposer));
  }

  @Test
  void oneRevealAnswersSeveralGamesAtThePlace() {
    Sender proposer = sender("p6");
    Claim claim = claim(proposer, TRUTH);
    GameKey first = open(claim, TRUTH, sender("c6"));
    open(claim, TRUTH, sender("c7"));
    open(claim, TRUTH, sender("c8"));
    Liar liar = Liar.plant(PROGRAM, INPUT, TRUTH, Lie.OUTPUT, 1);
    List<Played> defence = new ArrayList<>();
    play(
        claim.id(),
        first,
        new ProposerPlayer(table, proposer, honest(), defence::add),
        new ChallengerPlayer(table, sender("c6"), liar.trace(), m -> {}, NEVER),
        new ChallengerPlayer(table, sender("c7"), liar.trace(), m -> {}, NEVER),
        new ChallengerPlayer(table, sender("c8"), liar.trace(), m -> {}, NEVER));
    assertEquals(3, dispute.claim(claim.id()).wonGames());
    assertEquals(5, defence.stream().filter(m -> m.kind().equals("reveal")).count());
  }

  @Test
  void theContractsStepEqualsTheMachines() {
    EvmStep evm = new EvmStep(anvil.chain(), contracts.verifier());
    ReplayTrace trace = new ReplayTrace(PROGRAM, INPUT);
    long operator = 10L << 24;
    for (long index : List.of(0L, operator, operator + 9000, 11L << 24)) {
      checkStep(evm, trace, index);
    }
    for (long step = 1; step < 250; step += 3) {
      checkStep(evm, trace, operator + step);
      checkStep(evm, trace, (3L << 24) + step);
    }
  }

  private static void checkStep(EvmStep evm, Trace trace, long index) {
    byte[] both = evm.verify(trace.witness(index), (index & 0xffffff) == 0);
    assertArrayEquals(trace.state(index), java.util.Arrays.copyOf(both, 32));
    assertArrayEquals(trace.state(index + 1), java.util.Arrays.copyOfRange(both, 32, 64));
  }
}
