package opml.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Words as the GNU assembler writes them for {@code op a0, a1, a2}. */
class DecoderTest {
  private static void is(int op, int word) {
    is(op, 0, word);
  }

  private static void is(int op, int immediate, int word) {
    long d = Decoder.decode(word);
    assertEquals(op, (int) d & 255, Integer.toHexString(word));
    assertEquals(10, (int) d >>> 8 & 63);
    assertEquals(11, (int) d >>> 14 & 63);
    assertEquals(immediate, (int) (d >> 32));
  }

  @Test
  void floatingPointWordsOfTheAssembler() {
    is(Op.FADD, 0x00c5f553);
    is(Op.FSUB, 0x08c58553); // rne
    is(Op.FMUL, 0x10c5f553);
    is(Op.FDIV, 0x18c5f553);
    is(Op.FSQRT, 0x5805f553);
    is(Op.FSGNJ, 0x20c58553);
    is(Op.FSGNJN, 0x20c59553);
    is(Op.FSGNJX, 0x20c5a553);
    is(Op.FMIN, 0x28c58553);
    is(Op.FMAX, 0x28c59553);
    is(Op.FEQ, 0xa0c5a553);
    is(Op.FLT, 0xa0c59553);
    is(Op.FLE, 0xa0c58553);
    is(Op.FCLASS, 0xe0059553);
  }

  @Test
  void conversionsOfTheAssembler() {
    is(Op.F_TO_INT, 4, 0xc0059553); // w, rtz
    is(Op.F_TO_INT, 1, 0xc0158553); // wu, rne
    is(Op.F_TO_INT, 6, 0xc0259553); // l, rtz
    is(Op.F_TO_INT, 3, 0xc035f553); // lu, dyn
    is(Op.INT_TO_F, 0, 0xd005f553);
    is(Op.INT_TO_F, 1, 0xd015f553);
    is(Op.INT_TO_F, 2, 0xd025f553);
    is(Op.INT_TO_F, 3, 0xd035f553);
    is(Op.H_TO_F, 0x40258553);
    is(Op.F_TO_H, 0x4405f553);
  }

  @Test
  void decodingIsTotal() {
    for (long w = 0; w < 1L << 32; w += 977) {
      int op = (int) Decoder.decode((int) w) & 255;
      if (op < Op.ILLEGAL || op > Op.F_TO_H) {
        assertEquals(Op.ILLEGAL, op, Long.toHexString(w));
      }
    }
  }
}
