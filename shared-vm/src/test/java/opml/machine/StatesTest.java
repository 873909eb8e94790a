package opml.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HexFormat;
import opml.commitment.Keccak;
import opml.commitment.Merkle;
import org.junit.jupiter.api.Test;

/** The four forms of docs/protocol.md, section 2, and how a machine passes between them. */
class StatesTest {
  private static String hex(byte[] b) {
    return HexFormat.of().formatHex(b);
  }

  @Test
  void goldenHashesOfTheFourForms() {
    Machine m =
        Lab.running(
            Asm.addi(5, 0, -3),
            Asm.i(0x0b, 0, 0, 0, 64), // vload 64(x0)
            Asm.u(0x37, 6, 4),
            Asm.i(0x13, 1, 6, 6, 28), // x6 = 4 << 40, OUTPUT
            Asm.s(3, 6, 5, 8),
            Asm.ecall());
    assertEquals(
        "a57c017d9bc3d20b89d170a9c25d3ded46003c9c92efffc093c604f62b080bd5", hex(m.stateHash()));
    m.run(5);
    assertEquals(
        "4eb6804d373356181626fc3b50a8332facb7b2589efc506a9fa88c9171097dbb", hex(m.stateHash()));
    Machine exit = m.copy();
    Lab.set(exit, 17, 1);
    Machine fault = m.copy();
    Lab.set(fault, 17, 2);
    m.run(1);
    assertEquals(
        "9ee871f508f4979d188354b089063275ba8bdc457dd6154b77e4c12f7c917a03", hex(m.stateHash()));
    exit.run(1);
    assertEquals(
        "01ff62ff7d13f3ef4f24a3d8230b8a6bc84351dd32ef636c09bc1063a48aed45", hex(exit.stateHash()));
    fault.run(1);
    assertEquals(hex(Keccak.hash(new byte[] {3})), hex(fault.stateHash()));
  }

  @Test
  void theRunFormHoldsEveryFieldInItsPlace() {
    Machine m = Lab.running(Asm.addi(31, 0, -1));
    m.run(1);
    byte[] p = m.preimage();
    assertEquals(487, p.length);
    assertEquals("00" + "0000010000000004", hex(p).substring(0, 18));
    assertEquals("ffffffffffffffff", hex(Arrays.copyOfRange(p, 9 + 30 * 8, 257)));
    assertEquals("080309090607", hex(Arrays.copyOfRange(p, 289, 295)));
    assertEquals(hex(m.root(Regions.CODE)), hex(Arrays.copyOfRange(p, 295, 327)));
    assertEquals(hex(m.root(Regions.WEIGHTS)), hex(Arrays.copyOfRange(p, 359, 391)));
    assertEquals(hex(Merkle.root(Lab.bytes(4, 9000), 9)), hex(Arrays.copyOfRange(p, 391, 423)));
    assertEquals(hex(Merkle.zero(7)), hex(Arrays.copyOfRange(p, 455, 487)));
  }

  @Test
  void yieldForgetsRegistersVectorAndScratch() {
    Machine m =
        Lab.running(
            Asm.u(0x37, 6, 5),
            Asm.i(0x13, 1, 6, 6, 28),
            Asm.s(3, 6, 6, 8), // SCRATCH
            Asm.s(3, 0, 6, 8), // STATE
            Asm.i(0x0b, 0, 0, 0, 64),
            Asm.ecall());
    Machine fresh = Lab.running(0);
    m.run(6);
    assertEquals(Machine.YIELDED, m.status());
    assertEquals(167, m.preimage().length);
    assertEquals(0, m.run(5));
    m.resume();
    assertEquals(0x100_00000000L, m.pc());
    assertEquals(0, m.register(6));
    assertEquals(hex(Merkle.zero(7)), hex(m.root(Regions.SCRATCH)));
    byte[] resumed = m.preimage();
    assertArrayEquals(
        Arrays.copyOf(fresh.preimage(), 289), Arrays.copyOf(resumed, 289), "pc, registers and V");
    assertEquals(
        5L << 40,
        java.nio.ByteBuffer.wrap(m.read(8, 8)).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong());
  }

  @Test
  void memoryIsReadAcrossPagesAndIsZeroBeyondItsRegion() {
    Machine m = Lab.machine();
    byte[] weights = Lab.bytes(3, 16384);
    long at = Regions.base(Regions.WEIGHTS);
    assertArrayEquals(Arrays.copyOfRange(weights, 4090, 12300), m.read(at + 4090, 8210));
    assertArrayEquals(Arrays.copyOfRange(weights, 16381, 16391), m.read(at + 16381, 10));
    byte[] input = Lab.bytes(2, 200); // in a region shorter than a page
    long first = Regions.base(Regions.INPUT);
    assertArrayEquals(Arrays.copyOfRange(input, 190, 300), m.read(first + 190, 110));
  }

  @Test
  void stoppedStatesAbsorb() {
    Machine exit = Lab.running(Asm.addi(17, 0, 1), Asm.ecall());
    assertEquals(2, exit.run(100));
    Machine fault = Lab.running(0);
    assertEquals(1, fault.run(100));
    for (Machine m : new Machine[] {exit, fault}) {
      byte[] before = m.stateHash();
      m.resume();
      assertEquals(0, m.run(10));
      assertArrayEquals(before, m.stateHash());
      Lab.step(m, true);
      Lab.step(m, false);
    }
  }

  @Test
  void exitForgetsEverythingButTheOutput() {
    Machine a = Lab.running(Asm.addi(17, 0, 1), Asm.ecall());
    Machine b = Lab.running(Asm.s(3, 0, 17, 8), Asm.addi(17, 0, 1), Asm.addi(9, 0, 5), Asm.ecall());
    a.run(10);
    b.run(10);
    assertArrayEquals(a.stateHash(), b.stateHash());
  }

  @Test
  void aCopyGoesItsOwnWay() {
    Machine m = Lab.running(Asm.addi(5, 5, 1), Asm.s(2, 0, 5, 8), Asm.jal(0, -8));
    m.run(30);
    byte[] at30 = m.stateHash();
    Machine copy = m.copy();
    m.run(30);
    assertArrayEquals(at30, copy.stateHash());
    copy.run(30);
    assertArrayEquals(m.stateHash(), copy.stateHash());
  }
}
