package opml.dispute;

import static opml.dispute.ChallengerPlayer.Proof.NEVER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import opml.chain.Account;
import opml.chain.Anvil;
import opml.chain.Claim;
import opml.chain.Contracts;
import opml.chain.Deployment;
import opml.chain.DisputeContract;
import opml.chain.MemoryJournal;
import opml.chain.Sender;
import opml.chain.Terms;
import opml.commitment.Keccak;
import opml.game.Trace;
import org.junit.jupiter.api.Test;

/**
 * An attacker opens many games on different paths at once, to use up an honest proposer's clock: on
 * a chain that takes its time for a block, as all real ones do.
 */
class ManyGamesTest {
  private static final int GAMES = 24;

  /** Seconds between blocks. */
  private static final int BLOCK = 12;

  /** Enough for one game with a margin, not for games one after another. */
  private static final Terms TERMS = new Terms(Terms.LOCAL.challengeBond(), 600, 240, 600);

  private static final MachineProgram PROGRAM = ToyGuest.program();
  private static final byte[] INPUT = ToyGuest.input("many games");
  private static final Answered TRUTH = Answered.by(PROGRAM, INPUT);

  private Anvil anvil;
  private DisputeContract dispute;
  private Opening opening;

  private Sender sender(String name) {
    Account account = Account.ofSeed(name.getBytes(StandardCharsets.UTF_8));
    anvil.fund(account.address(), BigInteger.TEN.pow(20));
    return new Sender(anvil.chain(), account, new MemoryJournal());
  }

  /** A trace that goes another way from some step on: each liar is wrong elsewhere. */
  private static Trace wrongFrom(long step) {
    ReplayTrace honest = new ReplayTrace(PROGRAM, INPUT);
    return new Trace() {
      @Override
      public byte[] state(long index) {
        byte[] state = honest.state(index);
        return index < step ? state : Keccak.hash(state);
      }

      @Override
      public List<byte[]> states(long from, long stride, int count) {
        List<byte[]> states = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          states.add(state(from + i * stride));
        }
        return states;
      }

      @Override
      public byte[] witness(long index) {
        return honest.witness(index);
      }
    };
  }

  @Test
  void gamesOnManyPathsAtOnceDoNotUseUpAnHonestProposersClock() {
    try (Anvil node = Anvil.start(null, 0)) {
      anvil = node;
      Contracts contracts = Deployment.deploy(sender("deployer"), TERMS);
      opening = new Opening(PROGRAM, INPUT, TRUTH, contracts, TERMS);
      dispute = new DisputeContract(node.chain(), contracts.dispute());
      Sender proposing = sender("proposer");
      Claim claim = opening.claim(proposing, dispute);
      Table table = new Table(node.chain(), dispute, 0);
      List<Player> attackers = new ArrayList<>();
      for (int i = 0; i < GAMES; i++) {
        Sender attacker = sender("attacker " + i);
        opening.open(claim, new byte[32], attacker, dispute);
        long step = (long) (i % 10) << 24 | 3L + 7L * i;
        attackers.add(new ChallengerPlayer(table, attacker, wrongFrom(step), played -> {}, NEVER));
      }
      List<Played> moves = new ArrayList<>();
      Player proposer =
          new ProposerPlayer(table, proposing, new ReplayTrace(PROGRAM, INPUT), moves::add);
      node.mineAtOnce(false);
      int blocks = 0;
      while (dispute.claim(claim.id()).wonGames() < GAMES && blocks < 60) {
        while (proposer.play(claim.id()) > 0) {
          // all that can be answered now
        }
        attackers.forEach(attacker -> attacker.play(claim.id()));
        node.pass(BLOCK);
        blocks++;
      }
      assertEquals(GAMES, dispute.claim(claim.id()).wonGames(), "games won after " + blocks);
      // Rationale: five reveals and the proof, five picks; one block each, and one to begin.
      assertTrue(blocks <= 14, blocks + " blocks for all games together");
      long distinct =
          moves.stream().map(m -> m.before().loIndex()).filter(lo -> lo != 0).distinct().count();
      assertTrue(distinct >= GAMES, distinct + " places: the paths were different");
    }
  }

  /** Honest, but what lies inside the first operator cannot be computed here. */
  private static Trace broken() {
    ReplayTrace honest = new ReplayTrace(PROGRAM, INPUT);
    return new Trace() {
      @Override
      public byte[] state(long index) {
        if (index > 0 && index < 1L << 24) {
          throw new IllegalStateException("no memory for step " + index);
        }
        return honest.state(index);
      }

      @Override
      public List<byte[]> states(long from, long stride, int count) {
        return IntStream.range(0, count).mapToObj(i -> state(from + i * stride)).toList();
      }

      @Override
      public byte[] witness(long index) {
        return honest.witness(index);
      }
    };
  }

  @Test
  void oneGameThatCannotBeAnsweredLetsNoOtherClockRunOut() {
    try (Anvil node = Anvil.start(null, 0)) {
      anvil = node;
      Contracts contracts = Deployment.deploy(sender("deployer"), TERMS);
      opening = new Opening(PROGRAM, INPUT, TRUTH, contracts, TERMS);
      dispute = new DisputeContract(node.chain(), contracts.dispute());
      Sender proposing = sender("proposer");
      Claim claim = opening.claim(proposing, dispute);
      Table table = new Table(node.chain(), dispute, 0);
      List<Player> attackers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Sender attacker = sender("attacker " + i);
        opening.open(claim, new byte[32], attacker, dispute);
        attackers.add(
            new ChallengerPlayer(
                table, attacker, wrongFrom((long) i << 24 | 5 + i), played -> {}, NEVER));
      }
      Player proposer = new ProposerPlayer(table, proposing, broken(), played -> {});
      node.mineAtOnce(false);
      for (int block = 0; dispute.claim(claim.id()).wonGames() < 2 && block < 15; block++) {
        try {
          while (proposer.play(claim.id()) > 0) {
            // all that can be answered now
          }
        } catch (IllegalStateException e) {
          assertTrue(e.getMessage().startsWith("no memory"), e.getMessage());
        }
        attackers.forEach(attacker -> attacker.play(claim.id()));
        node.pass(BLOCK);
      }
      assertEquals(2, dispute.claim(claim.id()).wonGames());
    }
  }

  /** Killed after each block, with nothing left but the journal of what was signed. */
  @Test
  void aProposerKilledAgainAndAgainMakesNoMoveTwice() {
    try (Anvil node = Anvil.start(null, 0)) {
      anvil = node;
      Contracts contracts = Deployment.deploy(sender("deployer"), TERMS);
      opening = new Opening(PROGRAM, INPUT, TRUTH, contracts, TERMS);
      dispute = new DisputeContract(node.chain(), contracts.dispute());
      Account account = Account.ofSeed("mortal".getBytes(StandardCharsets.UTF_8));
      Claim claim = opening.claim(sender("mortal"), dispute);
      Table table = new Table(node.chain(), dispute, 0);
      List<Player> attackers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Sender attacker = sender("killer " + i);
        opening.open(claim, new byte[32], attacker, dispute);
        attackers.add(
            new ChallengerPlayer(
                table, attacker, wrongFrom((long) i << 24 | 5 + i), played -> {}, NEVER));
      }
      final long before = node.chain().nonce(account.address(), false);
      MemoryJournal journal = new MemoryJournal();
      node.mineAtOnce(false);
      for (int block = 0; dispute.claim(claim.id()).wonGames() < 4 && block < 60; block++) {
        for (int life = 0; life < 2; life++) {
          Sender proposing = new Sender(node.chain(), account, journal);
          new ProposerPlayer(table, proposing, new ReplayTrace(PROGRAM, INPUT), played -> {})
              .play(claim.id());
        }
        attackers.forEach(attacker -> attacker.play(claim.id()));
        node.pass(BLOCK);
      }
      assertEquals(4, dispute.claim(claim.id()).wonGames());
      long sent = node.chain().nonce(account.address(), false) - before;
      // Rationale: one shared reveal of the first round, at most four in each of four more, proofs.
      assertTrue(sent <= 1 + 4 * 4 + 4, sent + " transactions");
    }
  }
}
