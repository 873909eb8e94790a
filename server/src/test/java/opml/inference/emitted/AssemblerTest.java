package opml.inference.emitted;

import static opml.inference.emitted.Assembler.R11;
import static opml.inference.emitted.Assembler.R8;
import static opml.inference.emitted.Assembler.RDX;
import static opml.inference.emitted.Assembler.X;
import static opml.inference.emitted.Assembler.Y;
import static opml.inference.emitted.Assembler.Z;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Bytes as GNU as writes them, but that displacements of EVEX code are always 32 bits. */
class AssemblerTest {
  private static void check(String bytes, Consumer<Assembler> instruction) {
    check(Level.AVX512, bytes, instruction);
  }

  private static void vex(String bytes, Consumer<Assembler> instruction) {
    check(Level.AVX2, bytes, instruction);
  }

  private static void check(Level level, String bytes, Consumer<Assembler> instruction) {
    Assembler a = new Assembler(level);
    instruction.accept(a);
    assertEquals(bytes, HexFormat.ofDelimiter(" ").formatHex(a.code()));
  }

  @Test
  void registersReachAllThirtyTwo() {
    check("62 02 3d 40 50 c9", a -> a.registers(Instruction.DOT_BYTES, Z, 25, 24, 25));
    check("62 f1 75 48 fe c2", a -> a.registers(Instruction.ADD, Z, 0, 1, 2));
    check("62 f1 75 40 72 f1 07", a -> a.registers(Instruction.SHIFT_32, Z, 6, 17, 1, 7));
  }

  @Test
  void memoryOperandsHaveBaseAndDisplacement() {
    check("62 d2 7d 48 50 a3 80 02 00 00", a -> a.memory(Instruction.DOT_BYTES, Z, 4, 0, R11, 640));
    check(
        "62 62 7d a9 13 82 00 00 00 00", a -> a.masked(Instruction.FROM_HALF, Y, 24, 0, RDX, 0, 1));
  }

  @Test
  void oneNumberOfMemoryMeetsAllLanes() {
    check(
        "62 d2 7d 50 52 a3 80 02 00 00",
        a -> a.broadcast(Instruction.DOT_SHORTS, Z, 4, 16, R11, 640));
    check(
        "62 41 6c 50 59 b0 44 00 00 00",
        a -> a.broadcast(Instruction.FLOAT_MULTIPLY, Z, 30, 18, R8, 68));
    check("62 63 55 48 38 ca 03", a -> a.registers(Instruction.INSERT_128, Z, 25, 5, 2, 3));
  }

  @Test
  void plainInstructionsAreEncoded() {
    check("4c 8b 97 28 00 00 00", a -> a.load(Assembler.R10, Assembler.RDI, 40));
    check("4d 89 d3", a -> a.copy(R11, Assembler.R10));
    check("49 81 c1 ff ff ff ff", a -> a.add(Assembler.R9, -1));
    check("41 c7 80 04 00 00 00 00 00 c0 7f", a -> a.storeInt(Assembler.R8, 4, 0x7fc00000));
    check("c5 f8 77 c3", Assembler::leave);
  }

  @Test
  void vexIsAsShortAsItCanBe() {
    vex("c5 f5 fe c2", a -> a.registers(Instruction.ADD, Y, 0, 1, 2));
    vex("c4 41 35 fe c2", a -> a.registers(Instruction.ADD, Y, 8, 9, 10));
    vex("c5 b5 72 f1 07", a -> a.registers(Instruction.SHIFT_32, Y, 6, 9, 1, 7));
    vex("c5 ed 6c cb", a -> a.registers(Instruction.UNPACK_LOW_64, Y, 1, 2, 3));
    vex("c4 e3 6d 46 cb 31", a -> a.registers(Instruction.PERMUTE_128, Y, 1, 2, 3, 0x31));
    vex("c4 c3 fd 00 cc d8", a -> a.registers(Instruction.PERMUTE_64, Y, 1, 0, 12, 0xd8));
    vex("c4 e3 6d 4a cb 40", a -> a.registers(Instruction.FLOAT_BLEND_BY_SIGN, Y, 1, 2, 3, 0x40));
  }

  @Test
  void vexHasWhatQuantizersAndHashesNeed() {
    vex("c5 ed d4 cb", a -> a.registers(Instruction.ADD_64, Y, 1, 2, 3));
    vex("c4 e2 6d 3d cb", a -> a.registers(Instruction.MOST_32, Y, 1, 2, 3));
    vex("c5 ed 66 cb", a -> a.registers(Instruction.GREATER_32, Y, 1, 2, 3));
    vex("c5 ed 6b cb", a -> a.registers(Instruction.PACK_32, Y, 1, 2, 3));
    vex("c5 ed 63 cb", a -> a.registers(Instruction.PACK_16, Y, 1, 2, 3));
    vex("c5 fc 51 cb", a -> a.registers(Instruction.FLOAT_ROOT, Y, 1, 0, 3));
    vex("c5 f9 d6 0a", a -> a.memory(Instruction.STORE_LOW_64, X, 1, 0, RDX, 0));
    vex("c4 c1 78 17 08", a -> a.memory(Instruction.STORE_HIGH_64, X, 1, 0, R8, 0));
  }

  @Test
  void vexDisplacementsAreAsShortAsTheyCanBe() {
    vex(
        "c4 c1 05 f5 a3 80 00 00 00",
        a -> a.memory(Instruction.MULTIPLY_PAIRS, Y, 4, 15, R11, 128));
    vex("c4 c1 05 f5 63 40", a -> a.memory(Instruction.MULTIPLY_PAIRS, Y, 4, 15, R11, 64));
    vex("c4 62 7d 13 32", a -> a.memory(Instruction.FROM_HALF, Y, 14, 0, RDX, 0));
  }

  @Test
  void whatALevelLacksIsRefused() {
    Assembler a = new Assembler(Level.AVX2);
    assertThrows(IllegalArgumentException.class, () -> a.registers(Instruction.ADD, Z, 0, 1, 2));
    assertThrows(IllegalArgumentException.class, () -> a.registers(Instruction.ADD, Y, 0, 16, 2));
    assertThrows(IllegalArgumentException.class, () -> a.registers(Instruction.ADD, Y, 0, 1, 16));
    assertThrows(
        IllegalArgumentException.class, () -> a.registers(Instruction.DOT_BYTES, Y, 0, 1, 2));
    assertThrows(
        IllegalArgumentException.class, () -> a.broadcast(Instruction.ADD, Y, 0, 1, R8, 0));
    Assembler b = new Assembler(Level.AVX512);
    assertThrows(
        IllegalArgumentException.class, () -> b.registers(Instruction.PERMUTE_128, Y, 0, 1, 2, 0));
  }

  @Test
  void levelsFollowFromTheFlagsOfTheProcessor() {
    List<String> old = List.of("avx", "f16c", "avx2");
    assertEquals(Level.NONE, Emission.level(List.of("avx", "f16c")));
    assertEquals(Level.AVX2, Emission.level(old));
    List<String> all = new ArrayList<>(old);
    all.addAll(List.of("avx512f", "avx512bw", "avx512dq", "avx512vl"));
    assertEquals(Level.AVX2, Emission.level(all));
    all.add("avx512_vnni");
    assertEquals(Level.AVX512, Emission.level(all));
  }
}
