package opml.machine;

/**
 * The program of one CODE region in the host's own form, made fragment by fragment when first
 * executed (dynamic binary translation). CODE is read-only, so nothing is ever made twice. What a
 * fragment cannot do (an access that faults, ECALL, a budget smaller than a block) it leaves to the
 * interpreter, which is the reference. Machines of several threads may share one.
 */
public abstract class Translation {
  private static final int MOST_WORDS = 1 << 22;

  private final Pages code;
  private final int words;
  private final int limit;
  private final Entry[] entries;
  private final boolean[] covered;

  private record Entry(HostCode code, int block) {}

  /**
   * @param size log2 of the leaves of CODE
   * @param limit instructions of a fragment at most
   */
  protected Translation(Pages code, int size, int limit) {
    this.code = code;
    this.limit = limit;
    words = (int) Math.min(MOST_WORDS, 8L << size);
    entries = new Entry[words];
    covered = new boolean[words];
  }

  /** Makes host code of a fragment by {@link Lowering#lower}; null leaves it interpreted. */
  protected abstract HostCode translate(Fragment fragment);

  /** Before the first of several fragments runs. */
  protected void enter(Interpreter cpu) {}

  /** After the last of them, when the interpreter or its caller goes on. */
  protected void exit(Interpreter cpu) {}

  /** Whether this is a translation of just that content. */
  boolean of(Pages other) {
    return code == other;
  }

  /** Runs while it can; returns what is left of the budget. */
  int run(Interpreter cpu, int budget) {
    enter(cpu);
    int left = fragments(cpu, budget);
    exit(cpu);
    return left;
  }

  private int fragments(Interpreter cpu, int budget) {
    int left = budget;
    while (left > 0) {
      long at = cpu.pc - Regions.base(Regions.CODE);
      if (at < 0 || at >= 4L * words || (at & 3) != 0) {
        return left;
      }
      Entry entry = entry(cpu.space, (int) (at >>> 2));
      if (entry == null) {
        return left;
      }
      int before = left;
      left = entry.code.run(cpu, left, entry.block);
      if (left == before) {
        return left;
      }
    }
    return left;
  }

  private Entry entry(AddressSpace space, int word) {
    Entry entry = entries[word];
    if (entry == null && !covered[word]) {
      make(space, word);
      entry = entries[word];
    }
    return entry;
  }

  private synchronized void make(AddressSpace space, int word) {
    if (covered[word]) {
      return;
    }
    Fragment fragment = new Fragment(space, words, word, limit, i -> entries[i] != null);
    HostCode made = translate(fragment);
    for (int i = 0; made != null && i < fragment.blocks(); i++) {
      int first = fragment.block(i).first();
      if (entries[first] == null) {
        entries[first] = new Entry(made, i);
      }
    }
    fragment.cover(covered);
  }
}
