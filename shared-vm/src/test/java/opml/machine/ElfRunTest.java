package opml.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import opml.step.StepVerifier;
import org.junit.jupiter.api.Test;

class ElfRunTest {
  private static final long ORIGIN = 0x80000000L;

  /** A program of one segment. */
  static byte[] elf(long address, int... words) {
    ByteBuffer b = ByteBuffer.allocate(120 + 4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    b.putInt(0x464c457f).put((byte) 2).put((byte) 1).position(18);
    b.putShort((short) 243).position(24);
    b.putLong(address).putLong(64).position(54);
    b.putShort((short) 56).putShort((short) 1).position(64);
    b.putInt(1).putInt(5).putLong(120).putLong(address).putLong(address);
    b.putLong(4L * words.length).putLong(4L * words.length).putLong(4096);
    for (int w : words) {
      b.putInt(w);
    }
    return b.array();
  }

  private static ElfRun.Result run(boolean environment, long every, int... words) {
    ElfRun.Auditor auditor = new ElfRun.Auditor("verifier", StepVerifier::verify, every);
    return new ElfRun(elf(ORIGIN, words), environment, List.of(auditor)).run(1000);
  }

  /** csrw mtvec, x1; auipc x5; addi x5, x5, 16; csrw mepc, x5; mret; (skipped); then the body. */
  private static int[] started(int... body) {
    int[] head = {
      0x30509073,
      Asm.u(0x17, 5, 0),
      Asm.addi(5, 5, 20),
      0x34129073,
      0x30200073,
      0,
      Asm.addi(0, 0, 0)
    };
    int[] all = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    return all;
  }

  @Test
  void theEnvironmentIsServedOutsideTheMachine() {
    for (long every : new long[] {0, 1, 2, 3}) {
      int[] pass = started(Asm.addi(17, 0, 93), Asm.addi(10, 0, 0), Asm.ecall());
      ElfRun.Result r = run(true, every, pass);
      assertEquals("", r.problem());
      assertEquals("exit", r.status());
      assertEquals(0, r.exitCode());
      assertEquals(5, r.steps(), "auipc, addi, nop and two of the body");
      assertEquals(every == 0 ? 0 : (4 + every) / every, r.verified().get(0));
    }
  }

  @Test
  void aFailedTestIsNamed() {
    int[] fail = started(Asm.addi(17, 0, 93), Asm.addi(10, 0, 7), Asm.ecall());
    ElfRun.Result r = run(true, 1, fail);
    assertFalse(r.passed());
    assertEquals(7, r.exitCode());
    assertEquals("test 3 of the program failed", r.problem());
  }

  @Test
  void withoutTheEnvironmentThoseInstructionsFault() {
    ElfRun.Result r = run(false, 1, started());
    assertEquals("fault", r.status());
    assertEquals(1, r.steps());
    assertTrue(r.problem().startsWith("illegal instruction 0x30509073"), r.problem());
  }

  @Test
  void aFaultShowsTheInstruction() {
    ElfRun.Result r = run(false, 0, Asm.addi(5, 0, 3), Asm.i(0x03, 2, 10, 5, 8)); // misaligned
    assertTrue(r.problem().startsWith("load at 0xb"), r.problem());
    assertTrue(r.problem().endsWith(", lw a0, 8(t0)"), r.problem());
  }

  @Test
  void plainProgramsYieldAndExit() {
    assertEquals("yield", run(false, 1, Asm.ecall()).status());
    ElfRun.Result exit = run(false, 1, Asm.addi(17, 0, 1), Asm.addi(10, 0, 42), Asm.ecall());
    assertEquals("exit", exit.status());
    assertEquals(42, exit.exitCode());
    assertTrue(exit.passed());
  }

  @Test
  void stepsRunOut() {
    ElfRun.Result r = run(false, 0, Asm.jal(0, 0));
    assertEquals("running", r.status());
    assertEquals(1000, r.steps());
    assertFalse(r.passed());
  }

  @Test
  void aVerifierThatDisagreesEndsTheRun() {
    ElfRun.Auditor liar = new ElfRun.Auditor("liar", (witness, boundary) -> new byte[64], 2);
    ElfRun.Result r =
        new ElfRun(elf(ORIGIN, Asm.addi(1, 0, 1), Asm.jal(0, -4)), false, List.of(liar)).run(9);
    assertEquals("liar disagrees on step 0: addi ra, zero, 1", r.problem());
    ElfRun.Auditor strict =
        new ElfRun.Auditor(
            "strict",
            (witness, boundary) -> StepVerifier.verify(Arrays.copyOf(witness, 500), boundary),
            1);
    r = new ElfRun(elf(ORIGIN, Asm.addi(1, 0, 1)), false, List.of(strict)).run(9);
    assertEquals("strict rejects step 0: witness ends inside a branch", r.problem());
  }

  @Test
  void brokenFilesAreRefusedByField() {
    byte[] good = elf(ORIGIN, Asm.ecall());
    byte[] wrongMachine = good.clone();
    wrongMachine[18] = 62;
    byte[] wrongClass = good.clone();
    wrongClass[4] = 1;
    byte[] wrongAddress = elf(7L << 40, Asm.ecall());
    refused("magic", new byte[100]);
    refused("machine", wrongMachine);
    refused("class", wrongClass);
    refused("segment address", wrongAddress);
    refused("segment", Arrays.copyOf(good, good.length - 1));
    refused("program header", Arrays.copyOf(good, 100));
  }

  private static void refused(String field, byte[] file) {
    Exception e = assertThrows(IllegalArgumentException.class, () -> Machine.fromElf(file));
    assertTrue(e.getMessage().startsWith("ELF " + field), e.getMessage());
  }
}
