import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import opml.commitment.Merkle;
import opml.step.StepVerifier;
import opml.step.WitnessException;

/**
 * Random steps for the differential command (differential.mjs): {@code java -cp CLASSES
 * RandomSteps.java SEED COUNT PREFIX} writes COUNT rows into files PREFIX0, PREFIX1 and so on, as
 * RandomSteps.s.sol reads them, and prints how many files there are. Every instruction class, operands at the edges of integers and floats, addresses inside, at and beyond the bounds.
 */
final class RandomSteps {
  private static final int FILE = 2500; // rows; the memory of one call holds so many
  private static final int[] OPCODES = {
    0x37, 0x17, 0x6f, 0x67, 0x63, 0x03, 0x23, 0x0b, 0x13, 0x1b, 0x33, 0x3b, 0x53, 0x53, 0x53, 0x53,
    0x0f, 0x73
  };
  private static final int[] FLOAT_FUNCT7 = {
    0x00, 0x04, 0x08, 0x0c, 0x2c, 0x10, 0x14, 0x50, 0x60, 0x68, 0x70, 0x20, 0x22
  };
  private static final int[] EDGE_FLOATS = {
    0x3f800000, 0x7f800000, 0xff800000, 0x7fc00000, 0x80000000, 1, 0x007fffff, 0x00800000,
    0x7f7fffff, 0x4b800000, 0x5f000000, 0xcf000000, 0x33000000, 0x387fc000, 0x477fefff, 0x477ff000
  };

  /** Place of a region (by number) in the commitment order. */
  private static final int[] PLACE = {3, 0, 1, 2, 4, 5};

  private final Random random;
  private final long[] x = new long[32];
  private final byte[][] roots = new byte[6][32];
  private byte[] sizes;
  private long pc;
  private boolean yield;

  private RandomSteps(long seed) {
    random = new Random(seed);
  }

  public static void main(String[] args) throws IOException {
    RandomSteps steps = new RandomSteps(Long.parseLong(args[0]));
    int count = Integer.parseInt(args[1]);
    int files = 0;
    for (int done = 0; done < count; done += FILE) {
      Path file = Path.of(args[2] + files++);
      try (DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
        for (int i = done; i < Math.min(count, done + FILE); i++) {
          steps.row(out);
        }
      }
    }
    System.out.println(files);
  }

  private void row(DataOutputStream out) throws IOException {
    while (true) {
      boolean boundary = random.nextInt(3) == 0;
      for (byte[] witness : candidates()) {
        try {
          byte[] hashes = StepVerifier.verify(witness, boundary); // 32 of the prestate, 32 after
          out.writeInt(witness.length);
          out.writeBoolean(boundary);
          out.write(hashes);
          out.write(witness);
          return;
        } catch (WitnessException e) {
          // The step needs more or fewer leaves: one of the three candidates fits.
        }
      }
    }
  }

  /** A prestate alone, with the fetch part, and with the data part too. */
  private byte[][] candidates() {
    yield = random.nextInt(20) == 0;
    int[] most = {7, 5, 14, 14, 6, 6};
    sizes = new byte[6];
    for (int i = 0; i < 6; i++) {
      sizes[i] = (byte) random.nextInt(most[i]);
      random.nextBytes(roots[i]);
    }
    pc = (1L << 40) + 4L * random.nextInt(8 << sizes[0]);
    if (random.nextInt(30) == 0) {
      pc = (long) random.nextInt(7) << 40 | random.nextInt(40);
    }
    pc = yield ? 1L << 40 : pc;
    for (int i = 1; i < 32; i++) {
      x[i] = yield ? 0 : operand();
    }
    int word = word();
    byte[] fetch = bytes(32);
    for (int i = 0; i < 4; i++) {
      fetch[(int) (pc & 28) + i] = (byte) (word >>> 8 * i);
    }
    byte[] data = new byte[0];
    if (accesses(word) && !yield) {
      int base = 1 + random.nextInt(31);
      word = word & ~(31 << 15) | base << 15;
      for (int i = 0; i < 4; i++) {
        fetch[(int) (pc & 28) + i] = (byte) (word >>> 8 * i);
      }
      long address = address(word);
      x[base] = address - offset(word);
      data = address >>> 40 == pc >>> 40 ? part(fetch, pc) : part(bytes(32), address);
      if (address >>> 40 == pc >>> 40) {
        x[base] = (pc & ~31L) + (address & 31) - offset(word); // the leaf of the instruction
      }
    }
    byte[] fetchPart = part(fetch, pc);
    byte[] head = prestate();
    byte[] both = join(head, fetchPart);
    byte[] same = data.length > 0 && address0(word) >>> 40 == pc >>> 40 ? fetchPart : data;
    return new byte[][] {head, both, join(both, same)};
  }

  private long address0(int word) {
    return x[word >>> 15 & 31] + offset(word);
  }

  private long operand() {
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1 -> -1;
      case 2 -> Long.MIN_VALUE;
      case 3 -> random.nextInt(64);
      case 4 -> random.nextInt();
      case 5 -> EDGE_FLOATS[random.nextInt(EDGE_FLOATS.length)];
      case 6 -> Float.floatToRawIntBits((float) Math.scalb(random.nextGaussian(), between(-20, 20)));
      default -> random.nextLong();
    };
  }

  private int between(int from, int to) {
    return from + random.nextInt(to - from);
  }

  /** Mostly legal words; one in sixty is any word. */
  private int word() {
    int opcode = OPCODES[random.nextInt(OPCODES.length)];
    int word = random.nextInt() & ~127 | opcode;
    switch (opcode) {
      case 0x33, 0x3b -> word = funct7(word, new int[] {0, 0, 1, 1, 32, random.nextInt(128)});
      case 0x13, 0x1b -> word = random.nextBoolean() ? word & 0x43ffffff : word;
      case 0x53 -> word = floating(funct7(word, FLOAT_FUNCT7));
      case 0x73 -> {
        word = random.nextInt(5) == 0 ? word : 0x73;
        x[17] = yield ? 0 : random.nextInt(3);
      }
      case 0x0b -> {
        word = word & ~(7 << 12) | random.nextInt(random.nextInt(4) == 0 ? 8 : 4) << 12;
        word = random.nextInt(4) == 0 ? word : word & ~(31 << 7) | (word >>> 13 & 1) * 12 << 7;
      }
      default -> {}
    }
    return random.nextInt(60) == 0 ? random.nextInt() : word;
  }

  private int funct7(int word, int[] choices) {
    return word & 0x1ffffff | choices[random.nextInt(choices.length)] << 25;
  }

  /** Mostly legal rounding modes and second operand fields. */
  private int floating(int word) {
    if (random.nextInt(10) == 0) {
      return word;
    }
    int rs2 = 31 << 20;
    int rm = 7 << 12;
    return switch (word >>> 25) {
      case 0x2c, 0x22 -> word & ~rs2 & ~rm;
      case 0x70 -> word & ~rs2 & ~rm | 1 << 12;
      case 0x60 -> word & ~(28 << 20) & ~rm | random.nextInt(2) << 12;
      case 0x68 -> word & ~(28 << 20) & ~rm;
      case 0x20 -> word & ~rs2 & ~rm | 2 << 20;
      case 0x10, 0x50 -> word & ~rm | random.nextInt(3) << 12;
      case 0x14 -> word & ~rm | random.nextInt(2) << 12;
      default -> word & ~rm | random.nextInt(2) * 7 << 12;
    };
  }

  private static boolean accesses(int word) {
    int opcode = word & 127;
    return opcode == 0x03 || opcode == 0x23 || opcode == 0x0b;
  }

  private static long offset(int word) {
    return (word & 127) == 0x23 ? (word >> 25) << 5 | word >>> 7 & 31 : word >> 20;
  }

  /** Mostly inside a region and aligned; sometimes just beyond it, or with a high bit. */
  private long address(int word) {
    int region = random.nextInt(6);
    long span = 32L << sizes[PLACE[region]];
    int align = (word & 127) == 0x0b ? 31 : (1 << (word >>> 12 & 3)) - 1;
    long offset = random.nextLong() & span - 1;
    offset = random.nextInt(6) == 0 ? offset : offset & ~align;
    long address = ((long) region << 40) + (random.nextInt(25) == 0 ? span : offset);
    return random.nextInt(40) == 0 ? address | 1L << between(43, 64) : address;
  }

  /** A leaf and a random branch; the region's root becomes what they lead to. */
  private byte[] part(byte[] leaf, long address) {
    long region = address >>> 40;
    if (region > 5 || (address & 0xffffffffffL) >>> 5 >>> sizes[PLACE[(int) region]] != 0) {
      return leaf;
    }
    int place = PLACE[(int) region];
    byte[] branch = bytes(32 * sizes[place]);
    roots[place] = Merkle.climb(leaf, (address & 0xffffffffffL) >>> 5, branch, 0, sizes[place]);
    return join(leaf, branch);
  }

  private byte[] prestate() {
    ByteBuffer state = ByteBuffer.allocate(yield ? 167 : 487);
    state.put((byte) (yield ? 1 : 0));
    if (!yield) {
      state.putLong(pc);
      for (int i = 1; i < 32; i++) {
        state.putLong(x[i]);
      }
      state.put(bytes(32));
    }
    state.put(sizes);
    for (int i = 0; i < (yield ? 5 : 6); i++) {
      state.put(roots[i]);
    }
    return state.array();
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] join(byte[] a, byte[] b) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(a);
    out.writeBytes(b);
    return out.toByteArray();
  }
}
