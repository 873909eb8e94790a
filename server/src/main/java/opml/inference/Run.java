package opml.inference;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import opml.catalog.GuestProgram;
import opml.commitment.Keccak;
import opml.commitment.Merkle;
import opml.guest.Control;
import opml.guest.GuestFault;
import opml.guest.Header;
import opml.guest.Wire;
import opml.machine.Pages;
import opml.machine.RegionSizes;
import opml.machine.Regions;

/**
 * One request on its way through the guest, an operator at a time. State hashes are those of
 * docs/protocol.md section 2: after i operators, s(i * 2^24). Used by one thread at a time.
 */
public final class Run implements AutoCloseable {
  private static final int YIELD = 1;
  private static final int EXIT = 2;
  private static final int FAULT = 3;

  private final GuestProgram program;
  private final NativeMemory memory;
  private final Prefill prefill;
  private final JointTokens joint;
  private final Gate gate;
  private final RegionSizes sizes;
  private final byte[] input;
  private final Arena arena;
  private final Supplier<byte[]> codeRoot;
  private final Supplier<byte[]> weightsRoot;
  private int form = YIELD;
  private long operators;
  private String fault = "";

  Run(
      GuestProgram program,
      NativeMemory memory,
      RegionSizes sizes,
      byte[] input,
      Arena arena,
      Team team,
      Batcher batcher,
      Gate gate,
      Supplier<byte[]> codeRoot,
      Supplier<byte[]> weightsRoot) {
    this.program = program;
    this.memory = memory;
    this.sizes = sizes;
    this.input = input.clone();
    this.arena = arena;
    prefill = new Prefill(memory, arena, team);
    this.gate = gate;
    joint = new JointTokens(memory, batcher);
    this.codeRoot = codeRoot;
    this.weightsRoot = weightsRoot;
  }

  /** Runs one operator unless the run has ended; false when it has ended now or before. */
  public boolean operator() {
    if (form == YIELD) {
      gate.enter();
      try {
        form = program.step(memory) == 0 ? YIELD : EXIT;
      } catch (GuestFault e) {
        form = FAULT;
        fault = e.getMessage();
      } finally {
        gate.leave();
      }
      operators++;
    }
    return form == YIELD;
  }

  /** Runs on until {@code count} operators are done or the run has ended; whether it goes on. */
  public boolean replayTo(long count) {
    while (operators < count && form == YIELD) {
      if (!prefill(count - operators)) {
        operator();
      }
    }
    return form == YIELD;
  }

  /** Operators that a shortcut does from a token boundary on; 0 elsewhere. */
  private long ahead(Shortcut work, long most) {
    if (form != YIELD || program != GuestProgram.LANGUAGE_MODEL || !Prefill.atBoundary(memory)) {
      return 0;
    }
    gate.enter();
    try {
      return work.run(most);
    } finally {
      gate.leave();
    }
  }

  /** Does some tokens of the prompt at once; false when the next operator has to be done alone. */
  boolean prefill(long most) {
    long done = ahead(prefill, most);
    operators += done;
    return done > 0;
  }

  /** Makes a token with other runs; goes on to the next token boundary, where states are equal. */
  private boolean together() {
    long done = ahead(joint, Long.MAX_VALUE);
    operators += done;
    while (done > 0 && form == YIELD && !Prefill.atBoundary(memory)) {
      operator();
    }
    return done > 0;
  }

  /**
   * Runs to the end.
   *
   * @param onText gets each piece of text, never cut inside a character unless the answer ends
   *     there
   * @param cancelled asked before each operator or batch of prompt tokens; true stops the run where
   *     it is
   */
  public void finish(Consumer<String> onText, BooleanSupplier cancelled) {
    try {
      write(onText, cancelled);
    } finally {
      joint.leave();
    }
  }

  private void write(Consumer<String> onText, BooleanSupplier cancelled) {
    int sent = 0;
    int seen = 0;
    while (!cancelled.getAsBoolean() && (prefill(Long.MAX_VALUE) || together() || operator())) {
      int length = memory.loadI32(Control.TEXT_LENGTH);
      if (length != seen) {
        seen = length;
        int whole = whole(length);
        if (whole > sent) {
          onText.accept(text(sent, whole));
          sent = whole;
        }
      }
    }
    int length = memory.loadI32(Control.TEXT_LENGTH);
    if (length > sent) {
      onText.accept(text(sent, length));
    }
  }

  /** Bytes up to the last whole UTF-8 character. */
  private int whole(int length) {
    for (int back = 1; back <= Math.min(3, length); back++) {
      int octet = memory.loadU8(Wire.TEXT + length - back);
      if (octet >= 0xc0) {
        int needed = octet >= 0xf0 ? 4 : octet >= 0xe0 ? 3 : 2;
        return needed > back ? length - back : length;
      }
      if (octet < 0x80) {
        return length;
      }
    }
    return length;
  }

  private String text(int from, int to) {
    return new String(bytes(16 + from, to - from), StandardCharsets.UTF_8);
  }

  private byte[] bytes(int from, int length) {
    return memory.output.asSlice(from, length).toArray(ValueLayout.JAVA_BYTE);
  }

  /** Operators done, the one that ended the run included. */
  public long operators() {
    return operators;
  }

  /** Whether the guest reached EXIT: {@link #output} is the answer. */
  public boolean exited() {
    return form == EXIT;
  }

  /** Whether the guest reached FAULT. */
  public boolean faulted() {
    return form == FAULT;
  }

  /** Why it faulted; empty when it did not. */
  public String faultReason() {
    return fault;
  }

  /** The first 16 + length bytes of OUTPUT: what a claim names. */
  public byte[] output() {
    int length = memory.loadI32(Wire.OUTPUT + 12);
    return bytes(0, 16 + Math.max(0, Math.min(length, Wire.MAX_TEXT)));
  }

  /** The text so far, with a replacement character where it ends inside a character. */
  public String textSoFar() {
    return text(0, memory.loadI32(Control.TEXT_LENGTH));
  }

  /** Tokens of the prompt; empty while it is being read. */
  public int[] promptTokens() {
    return tokens(0, memory.loadI32(Control.PROMPT_TOKENS));
  }

  /** Generated tokens, without the stop token. */
  public int[] completionTokens() {
    return tokens(memory.loadI32(Control.PROMPT_TOKENS), memory.loadI32(Control.COMPLETION_TOKENS));
  }

  private int[] tokens(int from, int count) {
    long base = memory.loadI64(Header.TOKENS);
    int[] out = new int[count];
    for (int i = 0; i < count; i++) {
      out[i] = memory.loadI32(base + 4L * (from + i));
    }
    return out;
  }

  /** Hash of the state now. */
  public byte[] stateHash() {
    if (form == FAULT) {
      return Keccak.hash(new byte[] {FAULT});
    }
    if (form == EXIT) {
      byte[] b = new byte[33];
      b[0] = EXIT;
      System.arraycopy(memory.outputPages.root(), 0, b, 1, 32);
      return Keccak.hash(b);
    }
    byte[] b = new byte[167];
    b[0] = YIELD;
    System.arraycopy(sizes.bytes(), 0, b, 1, 6);
    byte[][] roots = {
      codeRoot.get(),
      Merkle.root(input, sizes.input()),
      weightsRoot.get(),
      memory.statePages.root(),
      memory.outputPages.root()
    };
    for (int i = 0; i < roots.length; i++) {
      System.arraycopy(roots[i], 0, b, 7 + 32 * i, 32);
    }
    return Keccak.hash(b);
  }

  /** STATE as it is now; valid until the next operator. */
  public Pages state() {
    return memory.statePages;
  }

  /** OUTPUT as it is now; valid until the next operator. */
  public Pages outputPages() {
    return memory.outputPages;
  }

  /** A planted fault: other bytes at an address of STATE or OUTPUT, both multiples of 4. */
  public void overwrite(long address, byte[] content) {
    for (int i = 0; i < content.length; i += 4) {
      int word = 0;
      for (int k = 3; k >= 0; k--) {
        word = word << 8 | content[i + k] & 0xff;
      }
      if (memory.loadI32(address + i) != word) {
        memory.storeI32(address + i, word);
      }
    }
  }

  /**
   * A planted fault: the next operator counts as done, its stores are those overwritten.
   *
   * @param form first byte of the state's form: 1 YIELD, 2 EXIT, 3 FAULT
   */
  public void skip(int form) {
    this.form = form;
    operators++;
  }

  /**
   * Addresses of the pages of STATE and OUTPUT stored to since the last call, ascending; a few that
   * were not may be among them.
   */
  public long[] touched() {
    long output = Regions.base(Regions.OUTPUT);
    return LongStream.concat(
            Arrays.stream(memory.statePages.touched()).map(page -> page * Pages.PAGE),
            Arrays.stream(memory.outputPages.touched()).map(page -> output + page * Pages.PAGE))
        .toArray();
  }

  /** Copies the page at an address of STATE or OUTPUT. */
  public void read(long address, byte[] page) {
    boolean state = address >>> Regions.SHIFT == Regions.STATE;
    MemorySegment from = state ? memory.state : memory.output;
    long offset = address - Regions.base(state ? Regions.STATE : Regions.OUTPUT);
    MemorySegment.copy(from, ValueLayout.JAVA_BYTE, offset, page, 0, Pages.PAGE);
  }

  /** Goes on from an earlier operator, whose memory was overwritten before. */
  public void rewind(long earlier) {
    form = YIELD;
    fault = "";
    operators = earlier;
  }

  /** The memory, for measurements that look at activations (perplexity, gate). */
  NativeMemory memory() {
    return memory;
  }

  @Override
  public void close() {
    arena.close();
  }
}
