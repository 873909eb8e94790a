package opml.machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import opml.assembly.Disassembler;

/**
 * Runs an ELF program to its end and lets others verify steps on the way. With the test environment
 * of the public RISC-V suites, CSR instructions do nothing (but mepc is remembered), {@code mret}
 * jumps to mepc and {@code ecall} with a7 = 93 ends the program with exit code a0. These are served
 * from outside: they are no steps of the machine, are not counted and are shown to no verifier.
 */
public final class ElfRun {
  private static final int MRET = 0x30200073;
  private static final int ECALL = 0x73;
  private static final int EXIT_CALL = 93;
  private static final int MEPC = 0x341;

  /**
   * How a program ended.
   *
   * @param status exit, yield, fault or running (the steps were used up)
   * @param exitCode a0 at the exit, -1 when there was none
   * @param steps steps of the machine
   * @param state hash of the last state
   * @param verified steps that each verifier confirmed, in the order of the verifiers
   * @param problem why it did not pass; empty when it did
   */
  public record Result(
      String status, long exitCode, long steps, byte[] state, List<Long> verified, String problem) {
    public boolean passed() {
      return problem.isEmpty();
    }
  }

  /** A verifier, and how often it is asked: for every n-th step, never when 0. */
  public record Auditor(String name, StepCheck check, long every) {}

  private final Machine machine;
  private final boolean environment;
  private final List<Auditor> auditors;
  private final long[] verified;
  private long mepc;
  private long steps;
  private boolean ended;
  private String problem = "";

  /** Prepares a run; {@code environment}: serve the public suites' test environment. */
  public ElfRun(byte[] elf, boolean environment, List<Auditor> auditors) {
    machine = Machine.fromElf(elf);
    this.environment = environment;
    this.auditors = List.copyOf(auditors);
    verified = new long[auditors.size()];
  }

  /** Runs for at most {@code maxSteps} steps. */
  public Result run(long maxSteps) {
    while (steps < maxSteps && !ended && problem.isEmpty()) {
      if (machine.status() != Machine.RUNNING) {
        ended = true;
      } else if (!environment || !serve()) {
        advance(maxSteps - steps);
      }
    }
    return result();
  }

  /** Serves the instruction at the program counter if it belongs to the environment. */
  private boolean serve() {
    int word = machine.word();
    int funct3 = word >>> 12 & 7;
    if (word == MRET) {
      machine.proceed(mepc);
    } else if (word == ECALL && machine.register(17) == EXIT_CALL) {
      ended = true;
    } else if ((word & 127) == ECALL && (funct3 & 3) != 0) {
      if (funct3 == 1 && word >>> 20 == MEPC) {
        mepc = machine.register(word >>> 15 & 31);
      }
      machine.proceed(machine.pc() + 4);
    } else {
      return false;
    }
    return true;
  }

  private void advance(long budget) {
    List<Auditor> due = new ArrayList<>();
    long distance = budget;
    for (Auditor a : auditors) {
      if (a.every() > 0 && steps % a.every() == 0) {
        due.add(a);
      } else if (a.every() > 0) {
        distance = Math.min(distance, a.every() - steps % a.every());
      }
    }
    if (!due.isEmpty()) {
      audited(due);
      return;
    }
    steps += machine.run(distance);
    if (environment && machine.status() == Machine.FAULTED) {
      machine.proceed(machine.pc());
      if (serve()) {
        steps--;
      } else {
        machine.run(1); // a true fault, and already counted
      }
    }
  }

  private void audited(List<Auditor> due) {
    String text = instruction();
    byte[] witness = machine.witness(false);
    byte[] before = machine.stateHash();
    machine.run(1);
    byte[] after = machine.stateHash();
    for (Auditor a : due) {
      problem = verdict(a, witness, before, after, text);
      if (!problem.isEmpty()) {
        return;
      }
      verified[auditors.indexOf(a)]++;
    }
    steps++;
  }

  /** The instruction at the program counter, in words of the assembler. */
  private String instruction() {
    return Disassembler.text(machine.word(), machine.pc());
  }

  private String verdict(Auditor a, byte[] witness, byte[] before, byte[] after, String text) {
    try {
      byte[] both = a.check().verify(witness, false);
      boolean same =
          Arrays.equals(before, Arrays.copyOf(both, 32))
              && Arrays.equals(after, Arrays.copyOfRange(both, 32, 64));
      return same ? "" : a.name() + " disagrees on step " + steps + ": " + text;
    } catch (RuntimeException e) { // a rejected witness, a reverted call: both are its verdict
      return a.name() + " rejects step " + steps + ": " + e.getMessage();
    }
  }

  private Result result() {
    int s = machine.status();
    boolean served = ended && s == Machine.RUNNING;
    String status = served || s == Machine.EXITED ? "exit" : s == Machine.YIELDED ? "yield" : "";
    if (status.isEmpty()) {
      status = s == Machine.FAULTED ? "fault" : "running";
    }
    long exitCode = status.equals("exit") ? machine.register(10) : -1;
    if (problem.isEmpty()) {
      problem = problem(status, exitCode);
    }
    List<Long> counts = Arrays.stream(verified).boxed().toList();
    return new Result(status, exitCode, steps, machine.stateHash(), counts, problem);
  }

  private String problem(String status, long exitCode) {
    if (status.equals("fault")) {
      boolean fetched = machine.word() != 0;
      return machine.faultReason() + (fetched ? ", " + instruction() : "");
    }
    if (status.equals("running")) {
      return "not finished after " + steps + " steps";
    }
    boolean failed = environment && (exitCode != 0 || !status.equals("exit"));
    return failed ? "test " + (exitCode >> 1) + " of the program failed" : "";
  }
}
