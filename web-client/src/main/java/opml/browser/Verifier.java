package opml.browser;

import opml.commitment.Keccak;
import opml.commitment.Merkle;
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
    byte[] words = new byte[Math.min(limit, failure.length())];
    for (int i = 0; i < words.length; i++) {
      words[i] = (byte) failure.charAt(i);
    }
    Linear.write(words, out);
    return words.length;
  }

  /** One step of the machine: writes pre and post, 64 bytes, at {@code out}. */
  @Export(name = "step")
  public static int step(int witness, int length, int boundary, int out) {
    try {
      Linear.write(StepVerifier.verify(Linear.read(witness, length), boundary != 0), out);
      return 0;
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

  /** Begins a replay; its regions follow. */
  @Export(name = "replayBegin")
  public static void replayBegin() {
    replay = new Replay();
  }

  /**
   * Places a region (number of protocol section 1; 7: 64 zero bytes that stand for all that was
   * never written) of 2^size leaves whose first bytes lie at {@code at}.
   */
  @Export(name = "replayPlace")
  public static void replayPlace(int region, int at, int bytes, int size) {
    replay.place(region, at, bytes, size);
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

  /** 1 when the answer is complete. */
  @Export(name = "replayEnded")
  public static int replayEnded() {
    return replay.ended() ? 1 : 0;
  }
}
