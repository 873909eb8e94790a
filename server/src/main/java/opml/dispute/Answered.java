package opml.dispute;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import opml.commitment.Keccak;
import opml.commitment.Merkle;

/**
 * What a run came to.
 *
 * @param operators operators until EXIT
 * @param output output bytes (protocol section 6)
 */
public record Answered(long operators, byte[] output) {
  /** Runs a program to its end; null when it faulted, for then there is nothing to claim. */
  public static Answered by(Program program, byte[] input) {
    try (Replay run = program.start(input)) {
      run.runTo(Long.MAX_VALUE);
      return of(run, program.sizes().output());
    }
  }

  /** What a run came to that has ended; null when it faulted. */
  static Answered of(Replay run, int size) {
    byte[] output = run.output();
    boolean exited = Arrays.equals(run.stateHash(), exit(output, size));
    return exited ? new Answered(run.operators(), output) : null;
  }

  /** The state EXIT(output). */
  static byte[] exit(byte[] output, int size) {
    return Keccak.hash(exitPreimage(output, size));
  }

  static byte[] exitPreimage(byte[] output, int size) {
    byte[] preimage = new byte[33];
    preimage[0] = 2;
    System.arraycopy(Merkle.root(output, size), 0, preimage, 1, 32);
    return preimage;
  }

  /** The smallest exponent h with 64^h operators or more (protocol section 3). */
  public int h() {
    int h = 1;
    while (1L << 6 * h < operators) {
      h++;
    }
    return h;
  }

  /** The text of the output bytes. */
  public String text() {
    return new String(output, 16, output.length - 16, StandardCharsets.UTF_8);
  }

  /** First word of the output bytes. */
  int status() {
    return output[0] | output[1] | output[2] | output[3];
  }
}
