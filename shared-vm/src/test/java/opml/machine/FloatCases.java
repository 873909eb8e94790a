package opml.machine;

/** Vectors of OP-FP: operands that are special, and ones that meet each way of rounding. */
final class FloatCases {
  private static final long MIN = Long.MIN_VALUE;
  private static final int[][] FLOATS = {
    {0x3fc00000, 0xbf99999a},
    {0x7f7fffff, 0x7f7fffff},
    {0x00000001, 0x80000001},
    {0x7f800000, 0xff800000},
    {0x7f800001, 0x3f800000},
    {0x80000000, 0x00000000},
    {0x3f800000, 0x33800000},
    {0x00800000, 0x3f7fffff},
    {0xbf99999a, 0x3fc00001},
    {0x00800001, 0x40000000},
    {0x0a800f1e, 0x4b00152b}, // quotients at a tie and just above one
    {0xbf99999a, 0xbfc00000},
    {0x7f800000, 0x80000000},
    {0x00000000, 0xff800000}
  };
  private static final int[] SINGLES = {
    0,
    0x80000000,
    1,
    0x807fffff,
    0x3f000000,
    0x3fc00000,
    0xbf000001,
    0x4b7fffff,
    0x4f000000,
    0xcf000000,
    0x5f000000,
    0xdf000001,
    0x5f800000,
    0x7f7fffff,
    0x7f800000,
    0xff800000,
    0x7f800001,
    0x477fefff,
    0x477ff000,
    0x33000001,
    0x387fe000,
    0x7fc00000, // the quiet bit alone, all bits but it, and both with the sign
    0x7fbfffff,
    0xffbfffff,
    0x80800000,
    0x288ca2fa, // a root just above a tie
    0xcbbf034f,
    0x4fcff3c1
  };
  private static final int[][] SUMS = {
    {0x3f800000, 0x7fffffff},
    {0xffbfffff, 0x7fbfffff},
    {0xff800000, 0x7f800000},
    {0x80000000, 0x00800000},
    {0xd120040c, 0xb2901581}, // far apart
    {0x822636cb, 0x080c3684}, // exponents of one bit
    {0x94901970, 0x14920081} // what is left has its highest bit just below a half word
  };
  private static final int[][] PRODUCTS = {
    {0x3f800000, 0xffc00000}, {0xffbfffff, 0x7fbfffff}, {0xff800000, 0x3fc00000}
  };
  private static final int[][] QUOTIENTS = {
    {0x5f000000, 0x7fffffff},
    {0x7fbfffff, 0xffbfffff},
    {0x7f800000, 0x85128821}, // each special case with each sign
    {0x4b122030, 0xff800000},
    {0x20000000, 0x80000000},
    {0xbfc00000, 0x00000000},
    {0x00000000, 0xc0a08435},
    {0x80000003, 0x00000103},
    {0x00000001, 0x91940446},
    {0x2053ce0f, 0x24d3ce0f}
  };
  private static final int[][] ORDERED = {
    {0xffc00000, 0x7fbfffff},
    {0xffc00000, 0xffc00000},
    {0x3f800000, 0x7fffffff},
    {0x3f800000, 0xffffffff},
    {0xffffffff, 0xbce10080},
    {0x00000000, 0x80000000},
    {0x00000000, 0x00000000},
    {0x00000000, 0x3fc00000},
    {0xdea81453, 0x00000000},
    {0xbf800001, 0xbf800000},
    {0xbf800001, 0xbf800001}
  };

  private final StepVectors to;

  FloatCases(StepVectors to) {
    this.to = to;
  }

  void all() {
    floats();
    specials();
    conversions();
  }

  private void run(String name, int word, long a, long b) {
    to.add(name, to.at(word, a, b, 0x1122334455667788L), false);
  }

  private void floats() {
    int[] sevens = {0x00, 0x04, 0x08, 0x0c};
    for (int f7 : sevens) {
      for (int[] p : FLOATS) {
        run("float " + f7, Asm.r(0x53, 0, f7, 7, 5, 6), p[0], p[1]);
      }
      run("float upper bits " + f7, Asm.r(0x53, 7, f7, 7, 5, 6), 0x5555_3fc00000L, 0x40490fdbL);
      run("float rounding 1 " + f7, Asm.r(0x53, 1, f7, 7, 5, 6), 0, 0);
    }
    for (int f3 = 0; f3 < 4; f3++) {
      for (int f7 : new int[] {0x10, 0x14, 0x50}) {
        for (int k = 2; k < FLOATS.length; k++) {
          run("float " + f7 + " " + f3, Asm.r(0x53, f3, f7, 7, 5, 6), FLOATS[k][0], FLOATS[k][1]);
        }
      }
    }
  }

  /** Which operand is special, and with which sign. */
  private void specials() {
    pairs("sum", 0x00, 0, SUMS);
    pairs("product", 0x08, 0, PRODUCTS);
    pairs("quotient", 0x0c, 0, QUOTIENTS);
    for (int f3 = 0; f3 < 3; f3++) {
      run("sign of all ones " + f3, Asm.r(0x53, f3, 0x10, 7, 5, 6), 0x7fffffff, 0x80000000L);
      run("sign among all ones " + f3, Asm.r(0x53, f3, 0x10, 7, 5, 6), 0x80000000L, 0x7fffffff);
      pairs("comparison " + f3, 0x50, f3, ORDERED);
    }
    pairs("min", 0x14, 0, ORDERED);
    pairs("max", 0x14, 1, ORDERED);
  }

  private void pairs(String name, int f7, int f3, int[][] operands) {
    for (int[] p : operands) {
      run(name, Asm.r(0x53, f3, f7, 7, 5, 6), p[0], p[1]);
    }
  }

  private void conversions() {
    for (int a : SINGLES) {
      run("sqrt", Asm.r(0x53, 7, 0x2c, 7, 5, 0), a, 0);
      run("class", Asm.r(0x53, 1, 0x70, 7, 5, 0), a, 0);
      run("to half", Asm.r(0x53, 0, 0x22, 7, 5, 0), a, 0);
      for (int rs2 = 0; rs2 < 4; rs2++) {
        run("to integer " + rs2, Asm.r(0x53, a & 1, 0x60, 7, 5, rs2), a, 0);
      }
    }
    for (int bit = 23; bit < 31; bit++) {
      run("sqrt of exponent bit " + bit, Asm.r(0x53, 7, 0x2c, 7, 5, 0), 1 << bit | 0x2aaaaa, 0);
    }
    for (int rs2 = 0; rs2 < 4; rs2++) {
      run("to integer, any mode " + rs2, Asm.r(0x53, 7, 0x60, 7, 5, rs2), 0x3fc00000, 0);
    }
    long[] integers = {
      0,
      -1,
      MIN,
      Long.MAX_VALUE,
      0xffffff7fffffL,
      0x1000001,
      -0xad,
      0xffffff,
      0xff000000L,
      0x195b9e61fL
    };
    for (long v : integers) {
      for (int rs2 = 0; rs2 < 4; rs2++) {
        run("from integer " + rs2, Asm.r(0x53, 7, 0x68, 7, 5, rs2), v, 0);
      }
    }
    for (int log2 = 0; log2 < 64; log2 += log2 < 4 ? 1 : 4) { // each halving finds the highest bit
      run("from power " + log2, Asm.r(0x53, 7, 0x68, 7, 5, 3), 1L << log2, 0);
    }
    for (int half :
        new int[] {0, 0x8001, 0x3ff, 0x3c00, 0xfbff, 0x7c00, 0x7e01, 0xfc00, 0x5555, 0x2aaa}) {
      run("from half", Asm.r(0x53, 0, 0x20, 7, 5, 2), 0x7777_0000L | half, 0);
    }
    int[] illegal = {
      Asm.r(0x53, 2, 0x2c, 7, 5, 0), Asm.r(0x53, 0, 0x2c, 7, 5, 1), Asm.r(0x53, 0, 0x70, 7, 5, 0),
      Asm.r(0x53, 1, 0x68, 7, 5, 0), Asm.r(0x53, 0, 0x68, 7, 5, 4), Asm.r(0x53, 2, 0x60, 7, 5, 0),
      Asm.r(0x53, 1, 0x20, 7, 5, 2), Asm.r(0x53, 0, 0x20, 7, 5, 0), Asm.r(0x53, 0, 0x22, 7, 5, 2),
      Asm.r(0x53, 0, 0x60, 7, 5, 4), Asm.r(0x53, 1, 0x70, 7, 5, 1), Asm.r(0x53, 0, 0x22, 7, 5, 1),
      Asm.r(0x53, 0, 0x78, 7, 5, 0), Asm.r(0x53, 0, 0x01, 7, 5, 6), Asm.r(0x43, 0, 0, 7, 5, 6)
    };
    for (int word : illegal) {
      run("float illegal", word, 0x3f800000, 0x3f800000);
    }
  }
}
