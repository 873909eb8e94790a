package opml.machine;

/** Decodes OP-FP: Zfinx and Zhinxmin. */
final class FloatDecoder {
  private FloatDecoder() {}

  static long decode(int word) {
    int funct3 = word >>> 12 & 7;
    int rs2 = word >>> 20 & 31;
    boolean nearest = funct3 == 0 || funct3 == 7;
    switch (word >>> 25) {
      case 0x00:
        return when(nearest, Op.FADD, word);
      case 0x04:
        return when(nearest, Op.FSUB, word);
      case 0x08:
        return when(nearest, Op.FMUL, word);
      case 0x0c:
        return when(nearest, Op.FDIV, word);
      case 0x2c:
        return when(nearest && rs2 == 0, Op.FSQRT, word);
      case 0x10:
        return when(funct3 < 3, Op.FSGNJ + funct3, word);
      case 0x14:
        return when(funct3 < 2, Op.FMIN + funct3, word);
      case 0x50:
        return when(funct3 < 3, Op.FLE + funct3, word);
      case 0x70:
        return when(funct3 == 1 && rs2 == 0, Op.FCLASS, word);
      case 0x20:
        return when(nearest && rs2 == 2, Op.H_TO_F, word);
      case 0x22:
        return when(nearest && rs2 == 0, Op.F_TO_H, word);
      case 0x60:
        boolean legal = (nearest || funct3 == 1) && rs2 < 4;
        return Decoder.pack(legal ? Op.F_TO_INT : 0, word, funct3 == 1 ? rs2 + 4 : rs2);
      case 0x68:
        return Decoder.pack(nearest && rs2 < 4 ? Op.INT_TO_F : 0, word, rs2);
      default:
        return Decoder.pack(0, word, 0);
    }
  }

  private static long when(boolean legal, int op, int word) {
    return Decoder.pack(legal ? op : 0, word, 0);
  }
}
