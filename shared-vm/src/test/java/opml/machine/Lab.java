package opml.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.Random;
import opml.step.StepVerifier;

/** A machine with small regions and some content in each, whose registers a test may set. */
final class Lab {
  static final RegionSizes SIZES = new RegionSizes(8, 3, 9, 9, 6, 7);

  private Lab() {}

  static byte[] bytes(int seed, int n) {
    byte[] b = new byte[n];
    new Random(seed).nextBytes(b);
    return b;
  }

  static Machine machine() {
    return new Machine(
        SIZES,
        new BytePages(bytes(1, 5000), 8),
        new BytePages(bytes(2, 200), 3),
        new BytePages(bytes(3, 16384), 9),
        new BytePages(bytes(4, 9000), 9),
        new BytePages(new byte[0], 6));
  }

  /** The same with this program in CODE, at its first instruction. */
  static Machine running(int... words) {
    byte[] code = new byte[4 * words.length];
    for (int i = 0; i < code.length; i++) {
      code[i] = (byte) (words[i >> 2] >>> 8 * (i & 3));
    }
    Machine m =
        new Machine(
            SIZES,
            new BytePages(code, 8),
            new BytePages(bytes(2, 200), 3),
            new BytePages(bytes(3, 16384), 9),
            new BytePages(bytes(4, 9000), 9),
            new BytePages(new byte[0], 6));
    m.resume();
    return m;
  }

  /** Puts a word where the guest could have stored it. */
  static void poke(Machine m, long address, int word) {
    m.cpu().space.writeMiss(address, 2)[(int) (address >>> 2) & 1023] = word;
  }

  static void set(Machine m, int register, long value) {
    m.cpu().x[register == 0 ? 32 : register] = value;
  }

  /** One step of the machine, after the stateless verifier has agreed to both states. */
  static void step(Machine m, boolean boundary) {
    byte[] witness = m.witness(boundary);
    byte[] pre = m.stateHash();
    if (boundary) {
      m.resume();
    }
    m.run(1);
    byte[] verified = StepVerifier.verify(witness, boundary);
    assertArrayEquals(pre, Arrays.copyOf(verified, 32), "state before");
    assertArrayEquals(m.stateHash(), Arrays.copyOfRange(verified, 32, 64), "state after");
  }
}
