package opml.browser;

import opml.commitment.Keccak;
import opml.guest.Guest;
import opml.machine.FetchedPages;
import opml.machine.Machine;
import opml.machine.Pages;
import opml.machine.RegionSizes;
import opml.machine.Regions;

/**
 * A trace again, from its first state on: whole operators by the guest over linear memory, or by
 * the machine where the model's program is another one, single instructions always by the machine.
 */
final class Replay {
  /** Steps that an operator owns, more than it may take (INV-02). */
  private static final long OPERATOR = 1L << 24;

  private static final byte EXIT = 2;

  /** More than any operator of the guest touches: two liars may agree on a program that asks on. */
  private static final long MOST_FETCHED = 64L << 20;

  private final LinearMemory memory = new LinearMemory();
  private final LinearPages[] pages = new LinearPages[Regions.COUNT];
  private final FetchedPages[] fetched = new FetchedPages[Regions.COUNT];
  private final RegionSizes sizes;
  private final boolean guest;
  private boolean ended;
  private long instructions;
  private long inside; // instructions of the next operator that ran
  private Machine machine;
  private int room;
  private WasmTranslation translation;

  /** {@code guest}: the model's program is the guest compiled into this module. */
  Replay(RegionSizes sizes, boolean guest) {
    this.sizes = sizes;
    this.guest = guest;
  }

  /** Places a region; {@code root} is known already, or null. */
  void place(int region, int at, int bytes, byte[] root) {
    pages[region] = new LinearPages(at, bytes, sizes.of(region), root);
    if (region != Regions.CODE) {
      memory.place(region, at, bytes, sizes.of(region));
    }
  }

  /** A region of which only the root is known: the machine fetches what it touches. */
  void fetch(int region, byte[] root, int buffer, int bytes) {
    fetched[region] =
        new FetchedPages(
            Regions.name(region),
            root,
            sizes.of(region),
            (first, count) -> {
              if (fetchedBytes() > MOST_FETCHED) {
                throw new IllegalStateException("the operator touches more than any honest one");
              }
              return Fetch.pages(region, (int) first, count, buffer, bytes);
            });
  }

  /** Bytes fetched so far, proofs included. */
  long fetchedBytes() {
    long sum = 0;
    for (FetchedPages p : fetched) {
      sum += p == null ? 0 : p.bytes();
    }
    return sum;
  }

  private Pages content(int region) {
    if (fetched[region] != null) {
      return fetched[region];
    }
    // what is written has changed in place: its tree is of this moment
    return Regions.writable(region) ? pages[region].anew() : pages[region];
  }

  /** Gives room for translated code: from here on the machine runs the program as such. */
  void room(int at) {
    room = at;
  }

  /** The program as WebAssembly; null without room for it. */
  WasmTranslation translation() {
    if (translation == null && room != 0) {
      translation = new WasmTranslation(sizes.code(), room, pages);
    }
    return translation;
  }

  /** Places 64 zero bytes that stand for all that was never written. */
  void zeros(int at) {
    memory.place(7, at, 64, 1);
  }

  /**
   * Runs whole operators; returns how many, fewer at the end. One of which instructions ran already
   * is run to its end.
   */
  int run(int operators) {
    if (guest) {
      machine = null; // it is of another moment from now on
      inside = 0;
    }
    int done = 0;
    while (done < operators && !ended) {
      ended = guest ? Guest.step(memory) != 0 : whole();
      done++;
    }
    return done;
  }

  /** Whether nothing follows: one that takes more than its steps goes on as the next. */
  private boolean whole() {
    Machine m = machine();
    if (inside == 0) {
      m.resume();
    }
    instructions += m.run(OPERATOR - inside);
    inside = 0;
    return m.status() == Machine.EXITED || m.status() == Machine.FAULTED;
  }

  /** Runs single instructions of the operator that follows; returns how many, fewer at its end. */
  int steps(int count) {
    Machine m = machine();
    if (inside == 0) {
      m.resume();
    }
    int ran = (int) m.run(count);
    inside += ran;
    instructions += ran;
    return ran;
  }

  /** The machine at the present state; its writes do not reach linear memory. */
  private Machine machine() {
    if (machine == null) {
      machine =
          new Machine(
              sizes,
              content(Regions.CODE),
              content(Regions.INPUT),
              content(Regions.WEIGHTS),
              content(Regions.STATE),
              content(Regions.OUTPUT));
      if (translation() != null) {
        machine.translated(translation);
      }
    }
    return machine;
  }

  /** Hash of the present state. */
  byte[] stateHash() {
    if (ended && guest && machine == null) {
      byte[] exit = new byte[33];
      exit[0] = EXIT;
      pages[Regions.OUTPUT].anew().node(sizes.output(), 0, exit, 1);
      return Keccak.hash(exit);
    }
    return machine().stateHash();
  }

  /** The first bytes of OUTPUT, written to linear memory at {@code out}. */
  void output(int length, int out) {
    if (guest) {
      Linear.write(Linear.read(pages[Regions.OUTPUT].at(), length), out);
    } else {
      Linear.write(machine().read(Regions.base(Regions.OUTPUT), length), out);
    }
  }

  /** Instructions that the machine executed. */
  long instructions() {
    return instructions;
  }

  /** Whether it came to an end, EXIT or FAULT. */
  boolean ended() {
    return ended;
  }
}
