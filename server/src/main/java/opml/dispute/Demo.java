package opml.dispute;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import opml.chain.Claim;
import opml.chain.DisputeContract;
import opml.chain.DisputeContract.Ending;
import opml.chain.GameKey;
import opml.chain.Hex;
import opml.chain.Model;
import opml.chain.OracleContract;
import opml.chain.OracleRequest;
import opml.chain.Outbox;
import opml.chain.Sent;
import opml.chain.Terms;
import opml.commitment.Keccak;
import opml.game.Trace;

/**
 * A liar is met by an honest party: a request at the oracle, a claim, a game to its end, the bonds,
 * and the right answer on the chain.
 */
public final class Demo {
  private static final BigInteger FEE = BigInteger.TEN.pow(15);

  /** Seconds. The rest of it is passed on the chain, whose receipts can be challenged less long. */
  private static final long EXCLUSIVE = 120;

  private static final long LIFE = 3600;
  private static final byte[] NO_NONCE = new byte[32];

  private final Stage stage;
  private final Program program;
  private final byte[] input;
  private final boolean proposerLies;
  private final Narrator moves;
  private final DisputeContract dispute;
  private final OracleContract oracle;
  private final Terms terms;
  private final Outbox liarSide;
  private final Outbox honestSide;

  /**
   * A demonstration.
   *
   * @param input bytes of a request (protocol section 6)
   * @param heard gets each move when it is mined, in their order
   */
  public Demo(
      Stage stage, Program program, byte[] input, boolean proposerLies, Consumer<Played> heard) {
    this.stage = stage;
    this.program = program;
    this.input = input;
    this.proposerLies = proposerLies;
    moves = new Narrator(heard);
    dispute = stage.dispute();
    oracle = stage.oracle();
    terms = dispute.terms();
    liarSide = proposerLies ? stage.proposer() : stage.challenger();
    honestSide = proposerLies ? stage.challenger() : stage.proposer();
  }

  /** Plays it with a planted lie; no run is held while it waits for time to pass. */
  public Verdict play(Lie lie, long seed) {
    Fight fight;
    try (ReplayTrace honest = new ReplayTrace(program, input)) {
      fight = fight(honest, lie, seed);
    }
    return end(fight);
  }

  /**
   * The same.
   *
   * @param honest the honest side's own trace of the program and the input
   */
  public Verdict play(ReplayTrace honest, Lie lie, long seed) {
    return end(fight(honest, lie, seed));
  }

  /** A game that is over, with what has to be settled then. */
  private record Fight(
      OracleRequest request,
      Claim claim,
      GameKey game,
      Answered truth,
      String lie,
      String story,
      Ending ending,
      BigInteger honestBefore,
      long start) {}

  private Fight fight(ReplayTrace honest, Lie lie, long seed) {
    Answered truth = honest.answer();
    if (truth == null) {
      throw new IllegalStateException("the model faulted on this prompt: there is no answer");
    }
    try (Liar liar = Liar.plant(program, input, truth, lie, seed, honest.fork())) {
      return fight(truth, honest, liar, seed);
    }
  }

  private Fight fight(Answered truth, ReplayTrace honest, Liar liar, long seed) {
    final long start = System.nanoTime();
    final long firstBlock = stage.chain().head();
    final BigInteger honestBefore = stage.chain().balance(honestSide.account());
    Answered claimed = proposerLies ? liar.answer() : truth;
    OracleRequest request = request(Math.max(truth.h(), claimed.h()), seed);
    Claim claim = claim(request, claimed, stage.proposer());
    GameKey game = open(claim, claimed, seed);
    Ending ending = game(claim, game, honest, liar, firstBlock);
    String lie = liar.answer().text();
    return new Fight(request, claim, game, truth, lie, liar.story(), ending, honestBefore, start);
  }

  private Verdict end(Fight fight) {
    Ending ending = fight.ending;
    boolean right = settle(fight.request, fight.claim, fight.game, fight.truth, ending);
    final BigInteger staked = proposerLies ? terms.challengeBond() : terms.claimBond();
    BigInteger withdrawn = withdraw(honestSide);
    BigInteger honestAfter = stage.chain().balance(honestSide.account());
    boolean repaid =
        withdrawn.compareTo(staked) >= 0 && honestAfter.compareTo(fight.honestBefore) > 0;
    boolean slashed =
        ending.proposerWon() != proposerLies && dispute.owed(liarSide.account()).signum() == 0;
    return new Verdict(
        slashed && repaid && right,
        slashed,
        repaid,
        right,
        ending,
        fight.truth.text(),
        fight.lie,
        fight.story,
        moves.all(),
        moves.gas("proposer"),
        moves.gas("challenger"),
        moves.proofGas(),
        (System.nanoTime() - fight.start) / 1_000_000);
  }

  private OracleRequest request(int h, long seed) {
    Model model = program.model(stage.contracts().verifier());
    long now = now();
    OracleRequest request =
        new OracleRequest(
            model.id(),
            Keccak.hash(input),
            h,
            stage.requester().account(),
            stage.proposer().account(),
            now + EXCLUSIVE,
            now + LIFE,
            FEE,
            OracleRequest.NOBODY,
            0,
            false,
            salt(seed));
    done(stage.requester(), "request", oracle.request(request, model, input));
    return request;
  }

  private Claim claim(OracleRequest request, Answered answer, Outbox claimer) {
    Claim claim = oracle.claimFor(request, claimer.account(), Keccak.hash(answer.output()));
    done(claimer, "claim", oracle.claim(request, answer.output(), NO_NONCE, terms.claimBond()));
    return claim;
  }

  private GameKey open(Claim claim, Answered claimed, long seed) {
    long start = System.nanoTime();
    GameKey key = new GameKey(claim.id(), stage.challenger().account(), salt(seed));
    Sent sent =
        done(
            stage.challenger(),
            "open",
            dispute.open(
                claim,
                program.model(stage.contracts().verifier()),
                input,
                claimed.output(),
                key.salt(),
                key.challenger(),
                terms.challengeBond()));
    moves.listen(
        new Played(
            0,
            "challenger",
            "open",
            key.id(),
            null,
            -1,
            List.of(),
            List.of(),
            0,
            sent.gas(),
            sent.transaction(),
            (System.nanoTime() - start) / 1_000_000,
            0,
            proposerLies ? "replay gave another answer" : "claims that replay differs: a lie"));
    return key;
  }

  private Ending game(Claim claim, GameKey key, ReplayTrace honest, Liar liar, long firstBlock) {
    Table table = new Table(stage.chain(), dispute, firstBlock);
    Trace proposerTrace = proposerLies ? liar.trace() : honest;
    Trace challengerTrace = proposerLies ? honest : liar.trace();
    ChallengerPlayer.Proof proof =
        proposerLies ? ChallengerPlayer.Proof.APART : ChallengerPlayer.Proof.NEVER;
    Player challenger =
        new ChallengerPlayer(table, stage.challenger(), challengerTrace, moves::listen, proof);
    Player proposer =
        new ProposerPlayer(table, stage.proposer(), proposerTrace, moves::listen, !proposerLies);
    while (!dispute.isOver(key.id())) {
      // as before this look: what is mined between both sides' looks is not seen by the first
      int waits = proposer.waits() + challenger.waits();
      int made = proposer.play(claim.id());
      made += dispute.isOver(key.id()) ? 0 : challenger.play(claim.id());
      if (made == 0 && waits > 0) {
        pause();
      } else if (made == 0 && !dispute.isOver(key.id())) {
        honest.rest();
        liar.rest();
        stage.pass().accept(Math.max(terms.proposerTime(), terms.challengerTime()));
      }
    }
    while (proposer.waits() + challenger.waits() > 0) {
      pause();
      proposer.play(claim.id());
      challenger.play(claim.id());
    }
    moves.end();
    return table.games(claim.id()).stream()
        .filter(game -> Arrays.equals(game.key().id(), key.id()))
        .findFirst()
        .orElseThrow()
        .ending();
  }

  /** Moves are on their way: a block will take them. */
  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in a demonstration", e);
    }
  }

  /** Bonds go where they belong and the request gets its right answer; whether it did. */
  private boolean settle(
      OracleRequest request, Claim claim, GameKey game, Answered truth, Ending ending) {
    Outbox answerer = stage.proposer();
    Claim answer = claim;
    if (!ending.proposerWon()) {
      done(stage.challenger(), "settle", dispute.settle(game, null));
      if (!proposerLies) {
        return false;
      }
      answerer = stage.challenger();
      answer = rescue(request, truth);
    }
    stage.pass().accept(terms.window());
    done(answerer, "release", dispute.release(answer.id()));
    byte[] output = truth.output();
    done(answerer, "finalize", oracle.finalize(request, answerer.account(), output));
    OracleContract.Answer told = oracle.answer(request.id());
    return told.phase() == OracleContract.Phase.FINAL
        && Arrays.equals(told.outputHash(), Keccak.hash(output));
  }

  /** After the exclusive period anybody may answer: commit, wait, claim. */
  private Claim rescue(OracleRequest request, Answered truth) {
    Outbox outbox = stage.challenger();
    byte[] hash = Keccak.hash(truth.output());
    byte[] commitment = OracleContract.commitment(request.id(), outbox.account(), hash, NO_NONCE);
    stage.pass().accept(Math.max(0, request.exclusiveUntil() - now()));
    done(outbox, "commit", oracle.commit(commitment));
    stage.pass().accept(oracle.commitDelay());
    return claim(request, truth, outbox);
  }

  private BigInteger withdraw(Outbox outbox) {
    BigInteger bonds = dispute.owed(outbox.account());
    if (bonds.signum() > 0) {
      done(outbox, "withdraw bonds", dispute.withdraw());
    }
    if (oracle.owed(outbox.account()).signum() > 0) {
      done(outbox, "withdraw fee", oracle.withdraw());
    }
    return bonds;
  }

  private Sent done(Outbox outbox, String what, opml.chain.Call call) {
    byte[] content = Keccak.hash(call.data());
    String key = "demo " + what + " " + outbox.account() + " " + Hex.of(content) + " " + now();
    Sent sent = outbox.send(key, call);
    if (!sent.succeeded()) {
      throw new IllegalStateException(what + " was reverted in " + sent.transaction());
    }
    return sent;
  }

  private long now() {
    return stage.chain().blockTime(stage.chain().head());
  }

  private byte[] salt(long seed) {
    byte[] salt = new byte[16];
    for (int i = 0; i < 8; i++) {
      salt[i] = (byte) (seed >>> 8 * i);
      salt[8 + i] = (byte) (now() >>> 8 * i);
    }
    return Keccak.hash(salt);
  }
}
