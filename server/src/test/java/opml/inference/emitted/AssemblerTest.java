package opml.inference.emitted;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Bytes as GNU as writes them, displacements always 32 bits. */
class AssemblerTest {
  private static void check(String bytes, Consumer<Assembler> instruction) {
    Assembler a = new Assembler();
    instruction.accept(a);
    assertEquals(bytes, HexFormat.ofDelimiter(" ").formatHex(a.code()));
  }

  @Test
  void registersReachAllThirtyTwo() {
    check("62 02 3d 40 50 c9", a -> a.registers(Instruction.DOT_BYTES, Assembler.Z, 25, 24, 25));
    check("62 f1 75 48 fe c2", a -> a.registers(Instruction.ADD, Assembler.Z, 0, 1, 2));
    check(
        "62 f1 75 40 72 f1 07",
        a -> a.registers(Instruction.SHIFT_LEFT_32, Assembler.Z, 6, 17, 1, 7));
  }

  @Test
  void memoryOperandsHaveBaseAndDisplacement() {
    check(
        "62 d2 7d 48 50 a3 80 02 00 00",
        a -> a.memory(Instruction.DOT_BYTES, Assembler.Z, 4, 0, Assembler.R11, 640));
    check(
        "62 62 7d a9 13 82 00 00 00 00",
        a -> a.masked(Instruction.FROM_HALF, Assembler.Y, 24, 0, Assembler.RDX, 0, 1));
  }

  @Test
  void plainInstructionsAreEncoded() {
    check("4c 8b 97 28 00 00 00", a -> a.load(Assembler.R10, Assembler.RDI, 40));
    check("4d 89 d3", a -> a.copy(Assembler.R11, Assembler.R10));
    check("49 81 c1 ff ff ff ff", a -> a.add(Assembler.R9, -1));
    check("41 c7 80 04 00 00 00 00 00 c0 7f", a -> a.storeInt(Assembler.R8, 4, 0x7fc00000));
    check("c5 f8 77 c3", Assembler::leave);
  }
}
