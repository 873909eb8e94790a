package opml.machine;

import java.util.Arrays;
import java.util.stream.LongStream;
import opml.commitment.Keccak;
import opml.commitment.Merkle;

/**
 * The virtual machine of docs/protocol.md: runs instructions, and gives on request the state's hash
 * and the witness of the next step. Not safe for use by several threads at once.
 */
public final class Machine {
  public static final int RUNNING = Interpreter.RUNNING;
  public static final int YIELDED = Interpreter.YIELDED;
  public static final int EXITED = Interpreter.EXITED;
  public static final int FAULTED = Interpreter.FAULTED;

  private final RegionSizes sizes;
  private final Interpreter cpu;

  /** A machine in the YIELD form: sizes, and the content of all regions but SCRATCH. */
  public Machine(
      RegionSizes sizes, Pages code, Pages input, Pages weights, Pages state, Pages output) {
    this(sizes, new Interpreter(space(sizes, code, input, weights, state, output)));
    cpu.status = YIELDED;
  }

  private Machine(RegionSizes sizes, Interpreter cpu) {
    this.sizes = sizes;
    this.cpu = cpu;
  }

  private static AddressSpace space(RegionSizes s, Pages... commitmentOrder) {
    PagedRegion[] regions = new PagedRegion[Regions.COUNT];
    for (int i = 0; i < commitmentOrder.length; i++) {
      int r = Regions.at(i);
      regions[r] = new PagedRegion(commitmentOrder[i], s.of(r));
    }
    regions[Regions.SCRATCH] =
        new PagedRegion(new BytePages(new byte[0], s.scratch()), s.scratch());
    return new AddressSpace(regions);
  }

  /**
   * A running machine at the entry of an ELF64 program whose segments lie by their addresses.
   *
   * @throws IllegalArgumentException naming the field, when it is not such a program
   */
  public static Machine fromElf(byte[] elf) {
    Elf e = new Elf(elf);
    RegionSizes s = e.sizes();
    Pages[] empty = new Pages[5];
    for (int i = 0; i < 5; i++) {
      empty[i] = new BytePages(new byte[0], s.of(Regions.at(i)));
    }
    Machine m = new Machine(s, empty[0], empty[1], empty[2], empty[3], empty[4]);
    m.resume();
    e.load(m.cpu.space);
    m.cpu.pc = e.entry();
    return m;
  }

  /** An independent copy; contents that were never written are shared. */
  public Machine copy() {
    Interpreter c = new Interpreter(cpu.space.copy());
    System.arraycopy(cpu.x, 0, c.x, 0, 64);
    System.arraycopy(cpu.v, 0, c.v, 0, 32);
    c.pc = cpu.pc;
    c.status = cpu.status;
    c.reason = cpu.reason;
    c.translation = cpu.translation;
    return new Machine(sizes, c);
  }

  /**
   * Lets it run translated code from now on; nothing but the speed changes.
   *
   * @param translation made for the very pages that this machine has as CODE
   */
  public Machine translated(Translation translation) {
    if (!translation.of(cpu.space.region(Regions.CODE).original())) {
      throw new IllegalArgumentException("the translation is of another program");
    }
    cpu.translation = translation;
    return this;
  }

  /** A YIELD state becomes RUN at the base of CODE with everything zero; other states stay. */
  public void resume() {
    if (cpu.status == YIELDED) {
      cpu.status = RUNNING;
      cpu.pc = Regions.base(Regions.CODE);
    }
  }

  /** Executes at most {@code maxSteps} instructions and returns how many: fewer when it stops. */
  public long run(long maxSteps) {
    long done = cpu.run(maxSteps);
    if (cpu.status == YIELDED && done > 0) {
      forget();
    }
    return done;
  }

  /** What YIELD does to everything that the YIELD form does not hold. */
  private void forget() {
    Arrays.fill(cpu.x, 0);
    Arrays.fill(cpu.v, 0);
    cpu.pc = 0;
    cpu.space.clear(Regions.SCRATCH);
  }

  /** RUNNING, YIELDED, EXITED or FAULTED. */
  public int status() {
    return cpu.status;
  }

  /** Why the machine faulted; empty when it did not. Not part of any state. */
  public String faultReason() {
    return cpu.reason;
  }

  /** The program counter; after a fault, of the instruction that faulted. */
  public long pc() {
    return cpu.pc;
  }

  /** x0 to x31. */
  public long register(int i) {
    return i == 0 ? 0 : cpu.x[i];
  }

  public RegionSizes sizes() {
    return sizes;
  }

  /** Root of a region now. */
  public byte[] root(int region) {
    byte[] root = cpu.space.region(region).root();
    cpu.space.flush();
    return root;
  }

  /** Content of a region now, good until the machine moves. */
  public Pages pages(int region) {
    PagedRegion r = cpu.space.region(region);
    return new Pages() {
      @Override
      public void read(long page, int[] words) {
        System.arraycopy(r.read(page), 0, words, 0, WORDS);
      }

      @Override
      public void node(int height, long index, byte[] out, int off) {
        r.node(height, index, out, off);
        cpu.space.flush();
      }
    };
  }

  /** Addresses of the pages of STATE and OUTPUT written so far, ascending. */
  public long[] written() {
    LongStream.Builder pages = LongStream.builder();
    for (int r : new int[] {Regions.STATE, Regions.OUTPUT}) {
      cpu.space.region(r).written(Regions.base(r), pages);
    }
    return pages.build().toArray();
  }

  /** Copies memory from an address inside one region; bytes beyond its end are zero. */
  public byte[] read(long address, int length) {
    byte[] out = new byte[length];
    for (int i = 0, end; i < length; i = end) {
      long at = address + i;
      int[] page = cpu.space.readMiss(at, 0);
      int whole = Pages.PAGE - (int) (at & Pages.PAGE - 1);
      end = i + (page != null && cpu.space.whole(at) ? Math.min(whole, length - i) : 1);
      for (int b = i; page != null && b < end; b++) {
        int word = page[(int) (address + b >>> 2) & 1023];
        out[b] = (byte) (word >>> ((int) (address + b) & 3) * 8);
      }
    }
    return out;
  }

  /** Keccak-256 of {@link #preimage}. */
  public byte[] stateHash() {
    return Keccak.hash(preimage());
  }

  /** The bytes of the state (docs/protocol.md, section 2): 487, 167, 33 or 1. */
  public byte[] preimage() {
    switch (cpu.status) {
      case RUNNING:
        return running();
      case YIELDED:
        return yielded();
      case EXITED:
        byte[] exit = new byte[33];
        exit[0] = EXITED;
        System.arraycopy(root(Regions.OUTPUT), 0, exit, 1, Merkle.LEAF);
        return exit;
      default:
        return new byte[] {FAULTED};
    }
  }

  private byte[] running() {
    byte[] b = new byte[487];
    put(b, 1, cpu.pc);
    for (int i = 1; i < 32; i++) {
      put(b, 1 + 8 * i, cpu.x[i]);
    }
    for (int i = 0; i < 32; i++) {
      b[257 + i] = (byte) cpu.v[i];
    }
    commitments(b, 289, 6);
    return b;
  }

  private byte[] yielded() {
    byte[] b = new byte[167];
    b[0] = YIELDED;
    commitments(b, 1, 5);
    return b;
  }

  private void commitments(byte[] b, int off, int roots) {
    System.arraycopy(sizes.bytes(), 0, b, off, 6);
    for (int i = 0; i < roots; i++) {
      int r = Regions.at(i);
      cpu.space.region(r).node(sizes.of(r), 0, b, off + 6 + 32 * i);
    }
    cpu.space.flush();
  }

  private static void put(byte[] b, int off, long v) {
    for (int i = 0; i < 8; i++) {
      b[off + i] = (byte) (v >>> 56 - 8 * i);
    }
  }

  /** {@link #witness(boolean)} of a step at a multiple of 2^24. */
  public byte[] witness() {
    return witness(true);
  }

  /**
   * Witness of the next step (docs/protocol.md, section 5); the machine does not move.
   *
   * @param boundary whether the step's index is a multiple of 2^24: a YIELD state then resumes
   */
  public byte[] witness(boolean boundary) {
    byte[] pre = preimage();
    if (cpu.status == YIELDED && boundary) {
      return Witness.of(pre, cpu.space, Regions.base(Regions.CODE), new long[32]);
    }
    return cpu.status == RUNNING ? Witness.of(pre, cpu.space, cpu.pc, cpu.x) : pre;
  }

  /** A planted fault: flips bits of the 32-bit word at an address of a writable region. */
  public void flip(long address, int bits) {
    int region = (int) (address >>> Regions.SHIFT);
    if (!cpu.space.inside(address, 2) || !Regions.writable(region)) {
      throw new IllegalArgumentException("no writable word at " + Long.toHexString(address));
    }
    int[] page = cpu.space.region(region).write(AddressSpace.offset(address) >>> 12);
    page[(int) (address >>> 2) & 1023] ^= bits;
    cpu.space.flush();
  }

  /** A planted fault: flips bits of a register other than x0. */
  public void flipRegister(int i, long bits) {
    if (i != 0) {
      cpu.x[i] ^= bits;
    }
  }

  /** Package only: for the harness and the tests. */
  Interpreter cpu() {
    return cpu;
  }

  /** Package only: the harness of ELF programs goes on behind an instruction it has served. */
  void proceed(long pc) {
    cpu.status = RUNNING;
    cpu.reason = "";
    cpu.pc = pc;
  }

  /** The instruction word at the program counter; 0, an illegal one, when it cannot be fetched. */
  public int word() {
    return cpu.space.inside(cpu.pc, 2) ? cpu.space.word(cpu.pc) : 0;
  }
}
