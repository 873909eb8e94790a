package opml.games;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import opml.assembly.Disassembler;
import opml.http.Hex;
import opml.step.StepVerifier;

/**
 * One step with its witness (protocol section 5).
 *
 * @param index of the state before the step
 * @param boundary whether the index is a multiple of 2^24
 * @param claimedPost what the proposer says; of the disputed step only
 * @param instruction the word fetched, 0x and 8 digits: null when nothing was fetched
 * @param assembly that word as text; null when nothing was fetched
 * @param registersBefore pc, x1 … x31, V; null where the state before is no RUN
 * @param registersAfter the same after the step; null where it isn't known or no RUN
 */
public record StepView(
    String index,
    String witness,
    String pre,
    String post,
    boolean boundary,
    String claimedPost,
    String instruction,
    String assembly,
    String pc,
    List<String> registersBefore,
    List<String> registersAfter) {
  private static final int RUN_BYTES = 487;
  private static final int V = 257;

  /**
   * @param after the witness of the following step, or null
   * @param claimed what the proposer says the step leads to, or null
   */
  static StepView of(long index, byte[] witness, byte[] after, byte[] claimed) {
    boolean boundary = (index & 0xffffff) == 0;
    boolean fetched = isRun(witness) && witness.length > RUN_BYTES;
    byte[] hashes = StepVerifier.verify(witness, boundary);
    return new StepView(
        Long.toUnsignedString(index),
        Hex.of(witness),
        Hex.of(Arrays.copyOf(hashes, 32)),
        Hex.of(Arrays.copyOfRange(hashes, 32, 64)),
        boundary,
        Hex.of(claimed),
        fetched ? String.format("0x%08x", word(witness)) : null,
        fetched ? Disassembler.text(word(witness), pc(witness)) : null,
        isRun(witness) ? Hex.of(Arrays.copyOfRange(witness, 1, 9)) : null,
        isRun(witness) ? registers(witness) : null,
        isRun(after) ? registers(after) : null);
  }

  private static boolean isRun(byte[] witness) {
    return witness != null && witness.length >= RUN_BYTES && witness[0] == 0;
  }

  private static int word(byte[] witness) {
    int at = RUN_BYTES + (witness[8] & 31 & ~3);
    return Integer.reverseBytes(ByteBuffer.wrap(witness).getInt(at));
  }

  private static long pc(byte[] witness) {
    return ByteBuffer.wrap(witness).getLong(1);
  }

  private static List<String> registers(byte[] witness) {
    List<String> out = new ArrayList<>();
    for (int at = 1; at < V; at += 8) {
      out.add(Hex.of(Arrays.copyOfRange(witness, at, at + 8)));
    }
    out.add(Hex.of(Arrays.copyOfRange(witness, V, V + 32)));
    return out;
  }
}
