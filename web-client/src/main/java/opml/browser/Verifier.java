package opml.browser;

import opml.commitment.Keccak;
import opml.commitment.Merkle;
import opml.game.Fairness;
import opml.game.Position;
import opml.machine.RegionSizes;
import opml.step.StepVerifier;
import org.teavm.interop.Export;

/**
 * The exported functions. Each returns a count or zero, or -1 after a failure whose words {@link
 * #message} gives.
 */
public final class Verifier {
  private static RootBuilder root;
  private static Replay replay;
  private static String failure = "";

  private Verifier() {}

  public static void main(String[] args) {}

  static int failed(RuntimeException e) {
    failure = e.getMessage() == null ? e.getClass().getName() : e.getMessage();
    return -1;
  }

  /**
   * Words of the last failure as ASCII at {@code out}, at most {@code limit} bytes; returns their
   * number.
   */
  @Export(name = "message")
  public static int message(int out, int limit) {
    return Linear.ascii(failure, out, limit);
  }

  /**
   * The one step that a game's last position (156 bytes, protocol section 9) leaves: writes pre,
   * post, lo and hi, 32 bytes each, at {@code out}. Whether the step lies at an operator's boundary
   * follows from the index.
   */
  @Export(name = "disputed")
  public static int disputed(int position, int witness, int length, int out) {
    try {
      Position p = Position.unpack(Linear.read(position, Position.BYTES));
      if (!p.isLeaf()) {
        throw new IllegalArgumentException("the position still spans 2^" + p.width() + " steps");
      }
      byte[] proof = Linear.read(witness, length);
      Linear.write(StepVerifier.verify(proof, StepText.boundary(p.loIndex())), out);
      Linear.write(p.lo(), out + 64);
      Linear.write(p.hi(), out + 96);
      return 0;
    } catch (RuntimeException e) {
      return failed(e);
    }
  }

  /** A packed position as ASCII at {@code out}, separated by tabs: index, width, lo, hi. */
  @Export(name = "position")
  public static int position(int position, int out, int limit) {
    Position p = Position.unpack(Linear.read(position, Position.BYTES));
    return Linear.ascii(StepText.of(p), out, limit);
  }

  /**
   * What a witness shows that {@link #disputed} accepted, as lines of ASCII at {@code out}; returns
   * their length.
   */
  @Export(name = "describe")
  public static int describe(int position, int witness, int length, int out, int limit) {
    try {
      Position p = Position.unpack(Linear.read(position, Position.BYTES));
      boolean boundary = StepText.boundary(p.loIndex());
      return Linear.ascii(StepText.of(Linear.read(witness, length), boundary), out, limit);
    } catch (RuntimeException e) {
      return failed(e);
    }
  }

  /** Keccak-256 of {@code length} bytes at {@code in}. */
  @Export(name = "keccak")
  public static int keccak(int in, int length, int out) {
    Linear.write(Keccak.hash(Linear.read(in, length)), out);
    return 0;
  }

  /** Root that a leaf and its {@code height} siblings at {@code branch} lead to. */
  @Export(name = "climb")
  public static int climb(int leaf, int index, int branch, int height, int out) {
    byte[] siblings = Linear.read(branch, Merkle.LEAF * height);
    Linear.write(Merkle.climb(Linear.read(leaf, Merkle.LEAF), index, siblings, 0, height), out);
    return 0;
  }

  /** Begins the root of a region of 2^height leaves. */
  @Export(name = "rootBegin")
  public static int rootBegin(int height) {
    try {
      root = new RootBuilder(height);
      return 0;
    } catch (RuntimeException e) {
      return failed(e);
    }
  }

  /** Adds the next 64 KiB of the region, fewer only at its end. */
  @Export(name = "rootAdd")
  public static int rootAdd(int in, int length) {
    try {
      root.add(Linear.read(in, length));
      return 0;
    } catch (RuntimeException e) {
      return failed(e);
    }
  }

  /** Writes the region's root at {@code out}. */
  @Export(name = "rootEnd")
  public static int rootEnd(int out) {
    Linear.write(root.finish(), out);
    return 0;
  }

  /**
   * Model id (protocol section 7) of {@code verifier:20 | G:6 | CODE root:32 | WEIGHTS root:32} at
   * {@code parts}.
   */
  @Export(name = "modelId")
  public static void modelId(int parts, int out) {
    Linear.write(Commitments.modelId(Linear.read(parts, 90)), out);
  }

  /**
   * Receipt hash of {@code modelId | inputHash | outputHash | h:1 | deadline:8 | proposer:20} at
   * {@code parts}.
   */
  @Export(name = "receiptHash")
  public static void receiptHash(int parts, int out) {
    Linear.write(Commitments.receipt(Linear.read(parts, 125)), out);
  }

  /** EIP-712 digest of those 125 bytes, {@code chainId:32} and the receipts contract's address. */
  @Export(name = "digest")
  public static void digest(int parts, int out) {
    Linear.write(Commitments.digest(Linear.read(parts, 177)), out);
  }

  /** Claim id of those 125 bytes and the receipts contract's address. */
  @Export(name = "claimId")
  public static void claimId(int parts, int out) {
    Linear.write(Commitments.claimId(Linear.read(parts, 145)), out);
  }

  /** {@link Fairness#challengerLeast}. */
  @Export(name = "challengerLeast")
  public static int challengerLeast(int h) {
    return Fairness.challengerLeast(h);
  }

  /** {@link Fairness#PROPOSER_MOST}. */
  @Export(name = "proposerMost")
  public static int proposerMost() {
    return Fairness.PROPOSER_MOST;
  }

  /** {@link Fairness#DEADLINE_LEAST}. */
  @Export(name = "deadlineLeast")
  public static int deadlineLeast() {
    return Fairness.DEADLINE_LEAST;
  }

  /** {@link Fairness#GAME_GAS}. */
  @Export(name = "gameGas")
  public static int gameGas() {
    return Fairness.GAME_GAS;
  }

  /**
   * Begins a replay; its regions follow. {@code sizes}: six bytes G; {@code guest}: 1 when the
   * model's program is the guest compiled into this module, 0 to run whatever it is in the machine.
   */
  @Export(name = "replayBegin")
  public static int replayBegin(int sizes, int guest) {
    try {
      replay = new Replay(RegionSizes.of(Linear.read(sizes, 6), 0), guest != 0);
      return 0;
    } catch (RuntimeException e) {
      return failed(e);
    }
  }

  /**
   * Places a region (number of protocol section 1; 7: 64 zero bytes that stand for all that was
   * never written) whose first bytes lie at {@code at}; {@code root}: where its verified root lies,
   * 0 to compute it.
   */
  @Export(name = "replayPlace")
  public static void replayPlace(int region, int at, int bytes, int root) {
    if (region == 7) {
      replay.zeros(at);
    } else {
      replay.place(region, at, bytes, root == 0 ? null : Linear.read(root, Merkle.LEAF));
    }
  }

  /**
   * Names the root of a region whose pages are fetched when the machine touches them; they come
   * into {@code buffer}.
   */
  @Export(name = "replayFetch")
  public static int replayFetch(int region, int root, int buffer, int bytes) {
    try {
      replay.fetch(region, Linear.read(root, Merkle.LEAF), buffer, bytes);
      return 0;
    } catch (RuntimeException e) {
      return failed(e);
    }
  }

  /** Bytes fetched so far, proofs included. */
  @Export(name = "replayFetched")
  public static double replayFetched() {
    return replay.fetchedBytes();
  }

  /** Gives room of {@code bytes} for translated code: the machine then runs the program as such. */
  @Export(name = "replayTranslate")
  public static int replayTranslate(int at, int bytes) {
    if (bytes < Room.BYTES) {
      return failed(new IllegalArgumentException("translated code needs " + Room.BYTES + " bytes"));
    }
    replay.room(at);
    return 0;
  }

  /** For translated code: where the page of an access lies; 0: the interpreter is to do it. */
  @Export(name = "page")
  public static int page(long address, int shift, int write) {
    return replay.translation().page(address, shift, write != 0);
  }

  /** For translated code: an operation that it does not do by itself. */
  @Export(name = "compute")
  public static long compute(int op, int selector, long a, long b) {
    return WasmTranslation.compute(op, selector, a, b);
  }

  /** Runs at most {@code operators}; returns how many ran, fewer when the answer is complete. */
  @Export(name = "replayRun")
  public static int replayRun(int operators) {
    try {
      return replay.run(operators);
    } catch (RuntimeException e) {
      return failed(e);
    }
  }

  /**
   * Runs at most {@code count} single instructions of the next operator in the machine; returns how
   * many ran.
   */
  @Export(name = "replaySteps")
  public static int replaySteps(int count) {
    try {
      return replay.steps(count);
    } catch (RuntimeException e) {
      return failed(e);
    }
  }

  /** Instructions that the machine executed since {@link #replayBegin}. */
  @Export(name = "replayInstructions")
  public static double replayInstructions() {
    return replay.instructions();
  }

  /** Hash of the present state at {@code out}. */
  @Export(name = "replayHash")
  public static int replayHash(int out) {
    try {
      Linear.write(replay.stateHash(), out);
      return 0;
    } catch (RuntimeException e) {
      return failed(e);
    }
  }

  /** The first bytes of the answer so far at {@code out}. */
  @Export(name = "replayOutput")
  public static int replayOutput(int length, int out) {
    try {
      replay.output(length, out);
      return 0;
    } catch (RuntimeException e) {
      return failed(e);
    }
  }

  /** 1 when nothing follows: {@link #replayHash} says whether that is EXIT or FAULT. */
  @Export(name = "replayEnded")
  public static int replayEnded() {
    return replay.ended() ? 1 : 0;
  }

  /**
   * Operators in front of a position's lo ({@code hi} 0) or hi (1), at most 2^30: no trace that a
   * browser replays is as long.
   */
  @Export(name = "operatorsTo")
  public static int operatorsTo(int position, int hi) {
    return (int) Math.min(1 << 30, index(position, hi) >>> 24);
  }

  /** Single instructions behind those operators. */
  @Export(name = "stepsTo")
  public static int stepsTo(int position, int hi) {
    return (int) index(position, hi) & 0xffffff;
  }

  private static long index(int position, int hi) {
    Position p = Position.unpack(Linear.read(position, Position.BYTES));
    return hi == 0 ? p.loIndex() : p.hiIndex();
  }
}
