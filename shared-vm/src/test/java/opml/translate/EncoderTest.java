package opml.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Machine words as the GNU assembler makes them (Xopml by docs/protocol.md section 4), and
 * constants.
 */
class EncoderTest {
  /** Word, operation, dst, a, b, immediate. */
  private static final String WORDS =
      """
          003100b3 ADD 1 2 3 0
          41df0fb3 SUB 31 30 29 0
          007312b3 SLL 5 6 7 0
          007322b3 SLT 5 6 7 0
          007332b3 SLTU 5 6 7 0
          007342b3 XOR 5 6 7 0
          007352b3 SRL 5 6 7 0
          407352b3 SRA 5 6 7 0
          007362b3 OR 5 6 7 0
          007372b3 AND 5 6 7 0
          027302b3 MUL 5 6 7 0
          027312b3 MULH 5 6 7 0
          027342b3 DIV 5 6 7 0
          027362b3 REM 5 6 7 0
          007302bb ADDW 5 6 7 0
          407302bb SUBW 5 6 7 0
          007312bb SLLW 5 6 7 0
          007352bb SRLW 5 6 7 0
          407352bb SRAW 5 6 7 0
          027302bb MULW 5 6 7 0
          027342bb DIVW 5 6 7 0
          027362bb REMW 5 6 7 0
          007302d3 FADD 5 6 7 0
          087302d3 FSUB 5 6 7 0
          107302d3 FMUL 5 6 7 0
          187302d3 FDIV 5 6 7 0
          207312d3 FSGNJN 5 6 7 0
          287302d3 FMIN 5 6 7 0
          a07302d3 FLE 5 6 7 0
          a07312d3 FLT 5 6 7 0
          a07322d3 FEQ 5 6 7 0
          580302d3 FSQRT 5 6 0 0
          d00302d3 FCVT_S_W 5 6 0 0
          d02302d3 FCVT_S_L 5 6 0 0
          402302d3 FCVT_S_H 5 6 0 0
          80030293 ADDI 5 6 0 -2048
          7ff32293 SLTI 5 6 0 2047
          00133293 SLTIU 5 6 0 1
          fff34293 XORI 5 6 0 -1
          00536293 ORI 5 6 0 5
          0ff37293 ANDI 5 6 0 255
          fff3029b ADDIW 5 6 0 -1
          03f31293 SLLI 5 6 0 63
          02135293 SRLI 5 6 0 33
          42835293 SRAI 5 6 0 40
          01f3129b SLLIW 5 6 0 31
          0033529b SRLIW 5 6 0 3
          4113529b SRAIW 5 6 0 17
          fff30283 LB 5 6 0 -1
          00231283 LH 5 6 0 2
          80032283 LW 5 6 0 -2048
          7f833283 LD 5 6 0 2040
          00734283 LBU 5 6 0 7
          ffe35283 LHU 5 6 0 -2
          fe730fa3 SB 0 6 7 -1
          00731123 SH 0 6 7 2
          80732023 SW 0 6 7 -2048
          7e733c23 SD 0 6 7 2040
          00628463 BEQ 0 5 6 8
          80629063 BNE 0 5 6 -4096
          7e62cfe3 BLT 0 5 6 4094
          0062d0e3 BGE 0 5 6 2048
          fe62efe3 BLTU 0 5 6 -2
          0062ff63 BGEU 0 5 6 30
          0203000b VLOAD 0 6 0 32
          0103100b VLOAD4 0 6 0 16
          fe03228b DOTL 5 6 0 -32
          7e03328b DOTH 5 6 0 2016
          """;

  @Test
  void everyMachineOperationIsEncodedLikeTheAssemblerDoes() {
    Set<Op> seen = EnumSet.noneOf(Op.class);
    for (String line : WORDS.lines().toList()) {
      String[] f = line.strip().split(" ");
      Op op = Op.valueOf(f[1]);
      seen.add(op);
      int word = Encoder.word(op, number(f[2]), number(f[3]), number(f[4]), number(f[5]));
      assertEquals(f[0], HexFormat.of().toHexDigits(word), line);
    }
    for (Op op : Op.values()) {
      assertEquals(op.format != Op.Format.PSEUDO, seen.contains(op), op.name());
    }
  }

  private static int number(String text) {
    return Integer.parseInt(text);
  }

  @Test
  void jumpsAreEncodedLikeTheAssemblerDoes() {
    assertEquals(0x7ffff0ef, Encoder.jump(1, 1048574));
    assertEquals(0x8000006f, Encoder.jump(0, -1048576));
    assertEquals(0x001000ef, Encoder.jump(1, 2048));
    assertEquals(0x00028067, Encoder.jumpTo(5));
    assertThrows(IllegalStateException.class, () -> Encoder.jump(0, 1 << 20));
    assertThrows(IllegalStateException.class, () -> Encoder.word(Op.BEQ, 0, 1, 2, 4096));
    assertThrows(IllegalStateException.class, () -> Encoder.word(Op.ADDI, 1, 2, 0, 2048));
  }

  @Test
  void constantsOfAllLengthsComeOut() {
    Random random = new Random(5);
    for (int i = 0; i < 200_000; i++) {
      long value = random.nextLong() >> random.nextInt(64) << random.nextInt(64);
      value += random.nextInt(3) - 1;
      List<Integer> words = Encoder.constant(9, value);
      assertEquals(value, execute(words), Long.toHexString(value));
      assertEquals(true, words.size() <= (value == (int) value ? 2 : 8), Long.toHexString(value));
    }
  }

  /** What the words leave in x9. */
  private static long execute(List<Integer> words) {
    long x = 0;
    for (int word : words) {
      long imm = word >> 20;
      x =
          switch (word & 0x707f) {
            case 0x13 -> (word >> 15 & 31) == 0 ? imm : x + imm;
            case 0x1b -> (int) (x + imm);
            case 0x1013 -> x << (imm & 63);
            default -> {
              assertEquals(0x37, word & 0x7f);
              yield word & 0xfffff000;
            }
          };
      assertEquals(9, word >> 7 & 31);
    }
    return x;
  }
}
