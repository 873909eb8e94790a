package opml.chain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import opml.commitment.Keccak;
import org.junit.jupiter.api.Test;

/** A game may end inside a stranger's transaction: whatever its data, reading it must not fail. */
class WitnessDataTest {
  private static byte[] call(String signature, byte[]... words) {
    byte[] out = Arrays.copyOf(Keccak.hash(signature.getBytes(StandardCharsets.US_ASCII)), 4);
    for (byte[] word : words) {
      int at = out.length;
      out = Arrays.copyOf(out, at + word.length);
      System.arraycopy(word, 0, out, at, word.length);
    }
    return out;
  }

  private static byte[] word(int value) {
    byte[] w = new byte[32];
    w[30] = (byte) (value >> 8);
    w[31] = (byte) value;
    return w;
  }

  @Test
  void theWitnessFollowsTheHeaderOfAProof() {
    byte[] proof = new byte[224];
    Arrays.fill(proof, 208, 224, (byte) 7);
    byte[] data = call("prove(bytes)", word(32), word(proof.length), proof);
    assertArrayEquals(Arrays.copyOfRange(proof, 208, 224), DisputeContract.witness(data));
  }

  @Test
  void dataThatIsNoProofHasNoWitness() {
    assertNull(DisputeContract.witness(new byte[0]));
    assertNull(DisputeContract.witness(call("prove(bytes)", new byte[32])));
    assertNull(DisputeContract.witness(call("prove(bytes)", word(32), word(40), new byte[64])));
    assertNull(DisputeContract.witness(call("prove(bytes)", word(0xffff))));
  }

  @Test
  void randomDataNeverFails() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 2000; i++) {
      byte[] body = new byte[random.nextInt(400)];
      random.nextBytes(body);
      DisputeContract.witness(call("prove(bytes)", body));
      DisputeContract.witness(body);
    }
  }
}
