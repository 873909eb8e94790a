package opml.dispute;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import opml.game.Trace;
import opml.machine.Machine;
import opml.machine.Regions;

/**
 * Somebody who believes a false answer.
 *
 * @param answer the false answer
 * @param trace states that lead to it
 * @param fault what was planted; null when only the output is false
 */
public record Liar(Answered answer, Trace trace, Fault fault) implements AutoCloseable {
  private static final int TRIES = 400;

  /** Operators to spend on a lie that is better than the one found. */
  private static final long MORE = 50_000;

  /** Far from what models compute with, and not so far that a sum of squares overflows. */
  private static final int LARGE = Float.floatToRawIntBits(1024);

  /** The first page of STATE steers the program: a flip there is seen at once. */
  private static final long CONTROL = 4096;

  private static final int BRANCH = 0x63;
  private static final int SYSTEM = 0x73;

  /** Plants a lie that changes the answer; the same seed plants the same one. */
  public static Liar plant(Program program, byte[] input, Answered truth, Lie lie, long seed) {
    return plant(program, input, truth, lie, seed, program.start(input));
  }

  /**
   * The same.
   *
   * @param honest a run of the program, which the liar takes over
   */
  static Liar plant(
      Program program, byte[] input, Answered truth, Lie lie, long seed, Replay honest) {
    honest.keep(ReplayTrace.KEPT);
    if (lie == Lie.OUTPUT) {
      return aboutOutput(new ReplayTrace(program, input, honest), program, truth);
    }
    Random random = new Random(seed);
    Liar spare = null;
    int tries = TRIES;
    try (Replay run = honest) { // goes back and forth: a try costs what follows its fault
      for (int i = 0; i < tries; i++) {
        Fault fault = fault(run, truth, lie, random, i % 2 == 1);
        Liar liar = fault == null ? null : told(program, input, truth, fault, run);
        if (liar == null) {
          continue;
        }
        // Errors and silence give themselves away; taken only when nothing better is found.
        if (liar.answer.status() == truth.status() && !liar.answer.text().isBlank()) {
          if (spare != null) {
            spare.close();
          }
          return liar;
        }
        if (spare != null) {
          liar.close();
        } else {
          spare = liar;
          tries = (int) Math.min(TRIES, i + 4 + MORE / truth.operators());
        }
      }
    }
    if (spare == null) {
      throw new IllegalStateException(
          "no fault of " + TRIES + " changed the answer; try another seed");
    }
    return spare;
  }

  private static Liar told(
      Program program, byte[] input, Answered truth, Fault fault, Replay honest) {
    honest.approach(fault.operator());
    honest.runTo(fault.operator());
    FaultyProgram faulty = new FaultyProgram(program, fault);
    ReplayTrace trace = new ReplayTrace(faulty, input, faulty.on(honest.fork()));
    Answered wrong = trace.answer();
    if (wrong == null || Arrays.equals(wrong.output(), truth.output())) {
      trace.close();
      return null;
    }
    return new Liar(wrong, trace, fault);
  }

  private static Liar aboutOutput(ReplayTrace honest, Program program, Answered truth) {
    byte[] text = otherText(truth.text()).getBytes(StandardCharsets.UTF_8);
    byte[] output = Arrays.copyOf(truth.output(), 16 + text.length);
    System.arraycopy(text, 0, output, 16, text.length);
    for (int i = 0; i < 4; i++) {
      output[12 + i] = (byte) (text.length >>> 8 * i);
    }
    int size = program.sizes().output();
    Trace trace =
        new OutputLie(
            honest, Answered.exit(truth.output(), size), Answered.exitPreimage(output, size));
    return new Liar(new Answered(truth.operators(), output), trace, null);
  }

  /** The last digit is one more; without digits the answer is denied. */
  private static String otherText(String text) {
    for (int i = text.length() - 1; i >= 0; i--) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        return text.substring(0, i) + (char) ('0' + (c - '0' + 1) % 10) + text.substring(i + 1);
      }
    }
    return text + " Not.";
  }

  /**
   * A fault anywhere, or where something is decided: of a large model one number seldom changes the
   * answer.
   */
  private static Fault fault(Replay run, Answered truth, Lie lie, Random random, boolean deciding) {
    long any = random.nextLong(truth.operators());
    long operator = deciding ? run.deciding(any) : any;
    run.approach(operator);
    run.runTo(operator);
    Machine machine = run.machine();
    machine.resume();
    return lie == Lie.ACTIVATION
        ? activation(machine, operator, random, deciding)
        : instruction(machine, operator, random);
  }

  /** A word that the operator stored in STATE: another bit, or another number. */
  private static Fault activation(Machine machine, long operator, Random random, boolean another) {
    Stores watched = new Stores();
    watched.run(machine, MachineProgram.OPERATOR);
    List<Long> stores =
        watched.words().stream().filter(a -> a >= CONTROL && a >>> Regions.SHIFT == 0).toList();
    if (stores.isEmpty()) {
      return null;
    }
    long address = stores.get(random.nextInt(stores.size()));
    boolean large = another || random.nextBoolean();
    int bits = large ? LARGE ^ word(machine, address) : 1 << random.nextInt(32);
    return new Fault.Activation(operator, address, bits);
  }

  private static int word(Machine machine, long address) {
    return ByteBuffer.wrap(machine.read(address, 4)).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  /** A bit of a register right after an instruction has written it. */
  private static Fault instruction(Machine machine, long operator, Random random) {
    long length = machine.copy().run(MachineProgram.OPERATOR);
    long at = random.nextLong(length);
    machine.run(at);
    int word = machine.word();
    int opcode = word & 0x7f;
    int register = word >>> 7 & 31;
    boolean writes =
        opcode != Stores.OPCODE && opcode != BRANCH && opcode != SYSTEM && register != 0;
    return writes ? new Fault.Instruction(operator, at, register, 1L << random.nextInt(32)) : null;
  }

  /** Frees the run's memory until it is asked on. */
  void rest() {
    run().rest();
  }

  @Override
  public void close() {
    run().close();
  }

  private ReplayTrace run() {
    return switch (trace) {
      case ReplayTrace own -> own;
      case OutputLie lie -> lie.honest();
      default -> throw new IllegalStateException("a trace of another kind");
    };
  }

  /** What is false, in words. */
  String story() {
    return switch (fault) {
      case null -> "claims other output bytes than the run gave";
      case Fault.Activation f ->
          "flipped bits %08x of the word at %#x after operator %d"
              .formatted(f.bits(), f.address(), f.operator());
      case Fault.Instruction f ->
          "flipped bits %x of x%d after instruction %d of operator %d"
              .formatted(f.bits(), f.register(), f.instruction(), f.operator());
    };
  }
}
