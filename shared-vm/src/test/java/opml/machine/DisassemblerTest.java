package opml.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import opml.assembly.Disassembler;
import org.junit.jupiter.api.Test;

final class DisassemblerTest {
  private static final long PC = 0x100_00000400L;
  private static final int WORDS = 200_000;

  @Test
  void namesExactlyTheWordsThatTheMachineExecutes() {
    Random r = new Random(7);
    for (int i = 0; i < WORDS; i++) {
      int word = RandomWords.word(r);
      boolean executed = (Decoder.decode(word) & 255) != Op.ILLEGAL;
      String text = Disassembler.text(word, PC);
      assertEquals(executed, !text.startsWith(".word"), () -> Integer.toHexString(word) + text);
    }
  }

  @Test
  void assemblingTheTextGivesTheWordAgain() {
    Random r = new Random(8);
    for (int i = 0; i < WORDS; i++) {
      int word = RandomWords.word(r);
      boolean fence = (word & 127) == 0x0f && (word >>> 12 & 7) < 2;
      int wanted = fence ? word & 0x707f : word; // all other fields of a fence are ignored
      String text = Disassembler.text(word, PC);
      assertEquals(wanted, Assembler.word(text, PC), text);
    }
  }

  @Test
  void textIsThatOfTheManual() {
    assertEquals("addi sp, sp, -16", Disassembler.text(0xff010113, PC));
    assertEquals("lw a0, 8(sp)", Disassembler.text(0x00812503, PC));
    assertEquals("sd ra, 24(sp)", Disassembler.text(0x00113c23, PC));
    assertEquals("bne a0, zero, 0x100000003fc", Disassembler.text(0xfe051ee3, PC));
    assertEquals("fmul.s a0, a0, a1", Disassembler.text(0x10b57553, PC));
    assertEquals("fcvt.w.s a0, a0, rtz", Disassembler.text(0xc0051553, PC));
    assertEquals("vload 32(a0)", Disassembler.text(0x0205000b, PC));
    assertEquals("dotl a2, 0(a1)", Disassembler.text(0x0005a60b, PC));
    assertEquals(".word 0x0", Disassembler.text(0, PC));
  }
}
