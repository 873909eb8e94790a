package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static opml.inference.emitted.Assembler.R9;
import static opml.inference.emitted.Assembler.RDI;
import static opml.inference.emitted.Assembler.RDX;
import static opml.inference.emitted.Assembler.RSI;
import static opml.inference.emitted.Assembler.Y;
import static opml.inference.emitted.Assembler.Z;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** gate = silu(gate) * up, sixteen values at a time, with AVX2 eight. */
public final class ActivateKernel {
  /** The number of values must be a multiple of this. */
  public static final int UNIT = 16;

  private static final int CONSTANTS = 64;
  private static final int NAN = CONSTANTS + 32 * (Exponential.NAN - Exponential.FIRST);
  private static final boolean WIDE = Emission.has(Level.AVX512);
  private static final MemorySegment CODE = CodeMemory.place(WIDE ? emit() : emitEight());
  private final MemorySegment arguments;

  /** Room for the arguments of one thread. */
  public ActivateKernel(Arena arena) {
    arguments = arena.allocate(CONSTANTS + Exponential.SPREAD_BYTES, 64);
    if (WIDE) {
      Exponential.fill(arguments, CONSTANTS);
    } else {
      Exponential.fillSpread(arguments, CONSTANTS);
    }
  }

  static byte[] emit() {
    Assembler a = new Assembler(Level.AVX512);
    Exponential e = new Exponential(a, Z);
    e.constants(CONSTANTS);
    a.load(RSI, RDI, 0);
    a.load(RDX, RDI, 8);
    a.load(R9, RDI, 16);
    int loop = a.here();
    silu(a, e, Z);
    e.canonical(0);
    a.memory(Instruction.FLOAT_STORE, Z, 0, 0, RSI, 0);
    a.add(RSI, 64);
    a.add(RDX, 64);
    a.add(R9, -1);
    a.loopTo(loop);
    a.leave();
    return a.code();
  }

  private static byte[] emitEight() {
    Assembler a = new Assembler(Level.AVX2);
    Exponential e = Exponential.fromMemory(a, CONSTANTS);
    EightLanes lanes = new EightLanes(a);
    lanes.constants(NAN);
    a.load(RSI, RDI, 0);
    a.load(RDX, RDI, 8);
    a.load(R9, RDI, 16);
    lanes.repeat(
        R9,
        () -> {
          silu(a, e, Y);
          lanes.canonical(0, 1);
          a.memory(Instruction.FLOAT_STORE, Y, 0, 0, RSI, 0);
          a.add(RSI, 32);
          a.add(RDX, 32);
        });
    a.leave();
    return a.code();
  }

  private static void silu(Assembler a, Exponential e, int length) {
    a.memory(Instruction.FLOAT_LOAD, length, 0, 0, RSI, 0);
    e.negate(1, 0);
    e.exp(1);
    e.addOne(1);
    a.registers(Instruction.FLOAT_DIVIDE, length, 0, 0, 1);
    a.memory(Instruction.FLOAT_MULTIPLY, length, 0, 0, RDX, 0);
  }

  /** Runs on n floats at each address. */
  public void run(long gate, long up, int n) {
    arguments.set(JAVA_LONG, 0, gate);
    arguments.set(JAVA_LONG, 8, up);
    arguments.set(JAVA_LONG, 16, WIDE ? n / 16 : n / 8);
    Emission.call(CODE, arguments);
  }
}
