package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static opml.inference.emitted.Assembler.R9;
import static opml.inference.emitted.Assembler.RDI;
import static opml.inference.emitted.Assembler.RDX;
import static opml.inference.emitted.Assembler.RSI;
import static opml.inference.emitted.Assembler.Z;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** gate = silu(gate) * up, sixteen values at a time. */
public final class ActivateKernel {
  /** The number of values must be a multiple of this. */
  public static final int UNIT = 16;

  private static final int CONSTANTS = 64;
  private static final MemorySegment CODE = CodeMemory.place(emit());
  private final MemorySegment arguments;

  /** Room for the arguments of one thread. */
  public ActivateKernel(Arena arena) {
    arguments = arena.allocate(CONSTANTS + Exponential.BYTES, 64);
    Exponential.fill(arguments, CONSTANTS);
  }

  static byte[] emit() {
    Assembler a = new Assembler(Level.AVX512);
    Exponential e = new Exponential(a, Z);
    e.constants(CONSTANTS);
    a.load(RSI, RDI, 0);
    a.load(RDX, RDI, 8);
    a.load(R9, RDI, 16);
    int loop = a.here();
    a.memory(Instruction.FLOAT_LOAD, Z, 0, 0, RSI, 0);
    a.registers(Instruction.XOR, Z, 1, 0, Exponential.SIGN);
    e.exp(1);
    a.registers(Instruction.FLOAT_ADD, Z, 1, 1, Exponential.ONE);
    a.registers(Instruction.FLOAT_DIVIDE, Z, 0, 0, 1);
    a.memory(Instruction.FLOAT_MULTIPLY, Z, 0, 0, RDX, 0);
    e.canonical(0);
    a.memory(Instruction.FLOAT_STORE, Z, 0, 0, RSI, 0);
    a.add(RSI, 64);
    a.add(RDX, 64);
    a.add(R9, -1);
    a.loopTo(loop);
    a.leave();
    return a.code();
  }

  /** Runs on n floats at each address. */
  public void run(long gate, long up, int n) {
    arguments.set(JAVA_LONG, 0, gate);
    arguments.set(JAVA_LONG, 8, up);
    arguments.set(JAVA_LONG, 16, n / UNIT);
    Emission.call(CODE, arguments);
  }
}
