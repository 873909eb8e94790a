package opml.machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Guest code that is translated as one: what can be reached from an instruction by branches, jumps
 * and returns to it from calls, but for what other fragments begin with, up to a limit.
 */
public final class Fragment {
  private static final byte REACHED = 1;
  private static final byte LEADER = 2;

  private final AddressSpace space;
  private final byte[] marks;
  private final List<Block> blocks = new ArrayList<>();
  private final int[] pending = new int[256];
  private int waiting;
  private int room;
  private int used;
  private int written;
  private boolean vectors;

  /**
   * @param words of CODE
   * @param limit instructions at most
   */
  Fragment(AddressSpace space, int words, int entry, int limit, Foreign foreign) {
    this.space = space;
    this.marks = new byte[words];
    room = limit;
    target(entry);
    while (waiting > 0) {
      follow(pending[--waiting], foreign);
    }
    for (int i = 0; i < words; i++) {
      if ((marks[i] & REACHED) != 0) {
        int first = i;
        while (!ends(i) && continues(i + 1)) {
          i++;
        }
        blocks.add(new Block(first, i + 1 - first));
      }
    }
  }

  /** Which instructions begin a block of another fragment. */
  interface Foreign {
    boolean begins(int word);
  }

  /** Blocks in the order of their addresses. */
  public int blocks() {
    return blocks.size();
  }

  /** Whether a block may go on with itself. */
  public boolean repeats(int number) {
    Block b = blocks.get(number);
    int last = b.first() + b.length() - 1;
    long d = decoded(last);
    int op = op(d);
    boolean branches = op >= Op.BEQ && op <= Op.BGEU || op == Op.JAL && (d >> 8 & 63) == 32;
    return branches && last + 1 + (int) (d >> 32) == b.first();
  }

  Block block(int number) {
    return blocks.get(number);
  }

  /** Number of the block that begins at an instruction, or -1. */
  int starting(int word) {
    int low = 0;
    int high = blocks.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int first = blocks.get(middle).first();
      if (first == word) {
        return middle;
      }
      if (first < word) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  long decoded(int word) {
    return Decoder.decode(space.word(pc(word)));
  }

  static long pc(int word) {
    return Regions.base(Regions.CODE) + 4L * word;
  }

  private boolean continues(int word) {
    return word < marks.length && marks[word] == REACHED;
  }

  private boolean ends(int word) {
    int op = op(decoded(word));
    return op >= Op.JAL && op <= Op.BGEU || stops(op);
  }

  /** Whether an operation is left to the interpreter. */
  static boolean stops(int op) {
    return op <= Op.ODD || op == Op.ECALL;
  }

  static int op(long decoded) {
    return (int) decoded & 255;
  }

  private void follow(int from, Foreign foreign) {
    int i = from;
    while (i < marks.length && (marks[i] & REACHED) == 0 && room > 0 && !foreign.begins(i)) {
      marks[i] |= REACHED;
      room--;
      long d = decoded(i);
      int op = op(d);
      note(op, d);
      boolean call = (d >> 8 & 63) != 32;
      if (op >= Op.BEQ && op <= Op.BGEU) {
        target(i + 1 + (int) (d >> 32));
        target(i + 1);
      } else if (op == Op.JAL && !call) {
        target(i + 1 + (int) (d >> 32));
      } else if ((op == Op.JAL || op == Op.JALR) && call) {
        target(i + 1);
      }
      if (op >= Op.JAL && op <= Op.BGEU || stops(op)) {
        return;
      }
      i++;
    }
  }

  private void note(int op, long d) {
    boolean none = op >= Op.BEQ && op <= Op.BGEU || op >= Op.SB && op <= Op.SD || stops(op);
    int rd = none || (d >> 8 & 63) == 32 ? 0 : 1 << (d >> 8 & 31);
    written |= rd;
    vectors |= op >= Op.VLOAD && op <= Op.DOTH;
    used |= rd | 1 << (d >> 14 & 31) | 1 << (d >> 20 & 31);
  }

  /** Registers that are read or written, a bit for each, and perhaps a few more. */
  public int used() {
    return used & ~1;
  }

  /** Registers that are written. */
  public int written() {
    return written & ~1;
  }

  /** Whether V is read or written. */
  public boolean vectors() {
    return vectors;
  }

  private void target(int word) {
    if (word >= 0 && word < marks.length) {
      marks[word] |= LEADER;
      if ((marks[word] & REACHED) == 0 && waiting < pending.length) {
        pending[waiting++] = word;
      }
    }
  }

  /** Marks what this fragment holds. */
  void cover(boolean[] covered) {
    for (Block b : blocks) {
      Arrays.fill(covered, b.first(), b.first() + b.length(), true);
    }
  }
}
