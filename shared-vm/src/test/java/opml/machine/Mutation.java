package opml.machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import opml.commitment.Merkle;
import opml.step.StepVerifier;
import opml.step.WitnessException;

/**
 * A vector's witness as an attacker would change it: bits, lengths, sizes, registers, program
 * counter, and leaves under a root that fits again.
 */
final class Mutation {
  /** A witness and how its step lies. */
  record Base(byte[] witness, boolean boundary) {}

  private static final int RUN = 487;
  private static final int G = 289;
  private static final int ROOTS = 295;
  private static final int[] LEGAL = {RUN, 167, 33, 1};
  private static final Pattern ROW =
      Pattern.compile("\"witness\":\"0x([0-9a-f]*)\",\"boundary\":(true|false)");

  final int row;
  byte[] witness;
  boolean boundary;
  private final Random random;

  Mutation(List<Base> bases, Random random) {
    this.random = random;
    row = random.nextInt(bases.size());
    witness = bases.get(row).witness().clone();
    boundary = bases.get(row).boundary();
    for (int n = 1 + random.nextInt(2); n > 0; n--) {
      change();
    }
  }

  static List<Base> bases(String json) {
    List<Base> bases = new ArrayList<>();
    for (Matcher m = ROW.matcher(json); m.find(); ) {
      bases.add(new Base(HexFormat.of().parseHex(m.group(1)), m.group(2).equals("true")));
    }
    return bases;
  }

  /** Both hashes, or null when the verifier refuses; any other exception is a fault of its own. */
  byte[] verdict() {
    try {
      return StepVerifier.verify(witness, boundary);
    } catch (WitnessException refused) {
      return null;
    }
  }

  private void change() {
    boolean run = witness.length >= RUN && witness[0] == 0;
    switch (random.nextInt(run ? 12 : 4)) {
      case 0:
        if (witness.length > 0) {
          witness[random.nextInt(witness.length)] ^= (byte) (1 << random.nextInt(8));
        }
        break;
      case 1:
        int legal = LEGAL[random.nextInt(4)];
        int length = random.nextBoolean() ? legal : witness.length + random.nextInt(-65, 66);
        witness = Arrays.copyOf(witness, Math.max(0, length));
        break;
      case 2:
        boundary = !boundary;
        break;
      case 3:
        if (witness.length > 0) {
          witness[0] = (byte) random.nextInt(-1, 5);
        }
        break;
      case 4:
        witness[G + random.nextInt(6)] = (byte) random.nextInt(-2, 40);
        break;
      case 5:
        int region = random.nextInt(6);
        witness[G + region] = (byte) (witness[G + region] + random.nextInt(-1, 2));
        break;
      case 6:
        put(1, counter());
        break;
      case 7:
        witness[257 + random.nextInt(38)] = (byte) random.nextInt();
        break;
      case 8:
        leaf(false);
        break;
      case 9:
      case 10:
        put(1 + 8 * (random.nextInt(3) == 0 ? 17 : 5 + random.nextInt(3)), register());
        break;
      default:
        leaf(true);
        break;
    }
  }

  private long register() {
    return random.nextInt(3) == 0 ? random.nextInt(3) : RandomWords.register(random);
  }

  private long counter() {
    long edge = (random.nextLong(7) << 40) + (32L << random.nextInt(5)) - random.nextInt(9);
    return random.nextBoolean() ? edge : RandomWords.register(random);
  }

  /** Another word to execute, or another data leaf, and the root that goes with it. */
  private void leaf(boolean word) {
    long pc = get(1);
    int at = RUN;
    int position = position(pc);
    if (position < 0 || at + 32 + 32 * witness[G + position] > witness.length) {
      return;
    }
    int end = at + 32 + 32 * witness[G + position];
    if (word) {
      int w = RandomWords.word(random);
      for (int i = 0; i < 4; i++) {
        witness[at + ((int) pc & 28) + i] = (byte) (w >> 8 * i);
      }
      if (random.nextBoolean()) {
        witness = Arrays.copyOf(witness, end); // the new word may need no data
      }
      root(at, position, pc);
    } else {
      int store = witness[at + ((int) pc & 28)] & 127;
      long address = get(1 + 8 * 5) + (store == 0x23 ? 0 : 32);
      int data = position(address);
      if (data >= 0 && witness.length == end + 32 + 32 * witness[G + data]) {
        witness[end + random.nextInt(32)] ^= (byte) random.nextInt(256);
        root(end, data, address);
      }
    }
  }

  private void root(int at, int position, long address) {
    byte[] node = Arrays.copyOfRange(witness, at, at + 32);
    long index = (address & 0xffffffffffL) >>> 5;
    byte[] root = Merkle.climb(node, index, witness, at + 32, witness[G + position]);
    System.arraycopy(root, 0, witness, ROOTS + 32 * position, 32);
  }

  /** Commitment order of the address's region; -1 when no legal size stands there. */
  private int position(long address) {
    if (address >>> Regions.SHIFT >= Regions.COUNT) {
      return -1;
    }
    for (int i = 0; i < 6; i++) {
      if (Regions.at(i) == address >>> Regions.SHIFT) {
        return witness[G + i] >= 0 && witness[G + i] <= 24 ? i : -1;
      }
    }
    return -1;
  }

  private long get(int off) {
    long v = 0;
    for (int i = 0; i < 8; i++) {
      v = v << 8 | witness[off + i] & 255;
    }
    return v;
  }

  private void put(int off, long v) {
    for (int i = 0; i < 8; i++) {
      witness[off + i] = (byte) (v >>> 56 - 8 * i);
    }
  }
}
