package opml.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import opml.guest.ArrayMemory;
import opml.guest.Header;
import opml.guest.Memory;
import opml.machine.RegionSizes;

/** The same memory twice: with twins outside the heap, with plain kernels in arrays. */
final class Twins implements AutoCloseable {
  private static final int STATE_SIZE = 13;
  static final int STATE_BYTES = 32 << STATE_SIZE;

  final NativeMemory fast;
  final ArrayMemory plain;
  private final Arena arena = Arena.ofShared();
  private final Team team;
  private final byte[] before;

  Twins(byte[] weights, int threads) {
    this(weights, threads, false);
  }

  Twins(byte[] weights, int threads, boolean emitted) {
    int size = 64 - Long.numberOfLeadingZeros(weights.length / 32);
    RegionSizes sizes = new RegionSizes(7, 10, size, STATE_SIZE, 11, 7);
    MemorySegment segment = arena.allocate(weights.length, 64);
    MemorySegment.copy(weights, 0, segment, ValueLayout.JAVA_BYTE, 0, weights.length);
    team = new Team(threads);
    byte[] input = new byte[32];
    FiniteScales finite = new FiniteScales(segment);
    fast = new NativeMemory(sizes, segment, input, arena, team, emitted, finite);
    plain = new ArrayMemory(input, weights, 10, size, STATE_SIZE, 11);
    before = fast.statePages.root();
  }

  /** Stores an int in both. */
  void put(long address, int value) {
    fast.storeI32(address, value);
    plain.storeI32(address, value);
  }

  void putFloats(long address, int n, Random random, int kind) {
    for (int i = 0; i < n; i++) {
      put(address + 4L * i, Float.floatToRawIntBits(Samples.value(random, kind)));
    }
  }

  /** Runs an operation on both: same result, same STATE, same root. */
  void check(String what, ToIntFunction<Memory> operation) {
    assertEquals(outcome(operation, plain), outcome(operation, fast), what);
    int[] words = plain.words(0);
    for (int i = 0; i < STATE_BYTES / 4; i++) {
      int wanted = i < words.length ? words[i] : 0;
      int found = fast.state.get(ValueLayout.JAVA_INT, 4L * i);
      if (wanted != found) {
        assertEquals(Integer.toHexString(wanted), Integer.toHexString(found), what + ", word " + i);
      }
    }
  }

  /** Products whose vector or result is misaligned, overlapping or not in STATE: as in the VM. */
  static void checkOutOfPlace(byte[] weights, long vector, long out, Consumer<Twins> prepare) {
    long[][] places = {
      {vector + 2, out},
      {vector, out + 2},
      {vector, STATE_BYTES - 16},
      {STATE_BYTES - 64, out},
      {vector, vector},
      {-64, out},
      {Header.BASE, out}
    };
    for (long[] place : places) {
      try (Twins t = new Twins(weights, 2)) {
        prepare.accept(t);
        t.check(
            "addresses " + place[0] + ", " + place[1],
            m -> {
              m.matrix(Header.BASE, 0, 8, place[0], place[1]);
              return 0;
            });
      }
    }
  }

  private static String outcome(ToIntFunction<Memory> operation, Memory memory) {
    try {
      return "" + operation.applyAsInt(memory);
    } catch (opml.guest.GuestFault e) {
      return "fault";
    }
  }

  /** The root that dirty pages give, and the one that all bytes give. */
  void checkRoot() {
    byte[] all = fast.state.toArray(ValueLayout.JAVA_BYTE);
    assertEquals(
        java.util.HexFormat.of().formatHex(opml.commitment.Merkle.root(all, STATE_SIZE)),
        java.util.HexFormat.of().formatHex(fast.statePages.root()));
  }

  boolean changed() {
    return !java.util.Arrays.equals(before, fast.statePages.root());
  }

  @Override
  public void close() {
    team.close();
    arena.close();
  }
}
