package opml.inference.emitted;

/**
 * The vector instructions in use: map, mandatory prefix, W of EVEX and opcode (Intel SDM volume 2).
 * Most are the same in both encodings; VEX ignores W in map 1.
 */
enum Instruction {
  LOAD(1, 2, 1, 0x6f),
  FLOAT_LOAD(1, 0, 0, 0x10),
  FLOAT_STORE(1, 0, 0, 0x11),
  SCALAR_STORE(1, 2, 0, 0x11),
  AND(1, 1, 0, 0xdb),
  XOR(1, 1, 0, 0xef),
  /** A function of three bits, its table the immediate. */
  TERNARY(3, 1, 1, 0x25, Encoding.EVEX),
  /** By an immediate, extension 1; the result of a shift or rotation goes into vvvv. */
  ROTATE_LEFT_64(1, 1, 1, 0x72, Encoding.EVEX),
  /** Each byte: eight bits of the 64 of rm, from where vvvv says, around the end: VBMI. */
  MULTISHIFT(2, 1, 1, 0x83, Encoding.EVEX),
  ADD(1, 1, 0, 0xfe),
  SUBTRACT(1, 1, 0, 0xfa),
  /** By an immediate, left (extension 6), right (2) or arithmetic right (4). */
  SHIFT_32(1, 1, 0, 0x72),
  SHIFT_16(1, 1, 0, 0x71),
  /** Four products of an unsigned and a signed byte added to each 32-bit lane: VNNI. */
  DOT_BYTES(2, 1, 0, 0x50, Encoding.EVEX),
  /** Two products of signed 16-bit integers added to each 32-bit lane: VNNI. */
  DOT_SHORTS(2, 1, 0, 0x52, Encoding.EVEX),
  BYTES_TO_SHORTS(2, 1, 0, 0x20),
  SHORTS_TO_INTS(2, 1, 0, 0x23),
  ADD_16(1, 1, 0, 0xfd),
  UNPACK_LOW_32(1, 1, 0, 0x62),
  UNPACK_HIGH_32(1, 1, 0, 0x6a),
  UNPACK_LOW_64(1, 1, 1, 0x6c),
  UNPACK_HIGH_64(1, 1, 1, 0x6d),
  SHUFFLE_32(1, 1, 0, 0x70),
  SHUFFLE_128(3, 1, 1, 0x43, Encoding.EVEX),
  /** vvvv holds the indices. */
  PERMUTE_32(2, 1, 0, 0x36),
  TO_FLOAT(1, 0, 0, 0x5b),
  FROM_HALF(2, 1, 0, 0x13),
  FLOAT_ADD(1, 0, 0, 0x58),
  FLOAT_MULTIPLY(1, 0, 0, 0x59),
  FLOAT_SUBTRACT(1, 0, 0, 0x5c),
  FLOAT_DIVIDE(1, 0, 0, 0x5e),
  /** second < rm ? second : rm. */
  FLOAT_LEAST(1, 0, 0, 0x5d),
  /** second > rm ? second : rm. */
  FLOAT_MOST(1, 0, 0, 0x5f),
  /** Into a mask register (VEX: a vector), with a predicate: 3 finds NaN. */
  FLOAT_TEST(1, 0, 0, 0xc2),
  /** rm where the mask is set, second elsewhere. */
  FLOAT_BLEND(2, 1, 0, 0x65, Encoding.EVEX),
  BROADCAST(2, 1, 0, 0x18),
  FLOAT_COMPARE(1, 0, 0, 0x2e),
  EXTRACT_128(3, 1, 0, 0x19),
  OR(1, 1, 0, 0xeb),
  /** ~second & rm. */
  AND_NOT(1, 1, 0, 0xdf),
  /** By an immediate, left (extension 6) or right (2). */
  SHIFT_64(1, 1, 1, 0x73),
  /** Two products of signed 16-bit integers in each 32-bit lane. */
  MULTIPLY_PAIRS(1, 1, 0, 0xf5),
  MULTIPLY_32(2, 1, 0, 0x40),
  /** The low halves of products of 16-bit integers. */
  MULTIPLY_16(1, 1, 0, 0xd5),
  SUBTRACT_16(1, 1, 0, 0xf9),
  SHUFFLE_BYTES(2, 1, 0, 0x00),
  /** 64-bit lanes, two bits of the immediate for each. */
  PERMUTE_64(3, 1, 1, 0x00),
  /** Into the lowest lane, zero above. */
  LOAD_32(1, 1, 0, 0x6e),
  INSERT_32(3, 1, 0, 0x22),
  BROADCAST_16(2, 1, 0, 0x79),
  BYTES_TO_INTS(2, 1, 0, 0x21),
  UNSIGNED_BYTES_TO_INTS(2, 1, 0, 0x31),
  /** Second, with rm of 128 bits as the part that the immediate names. */
  INSERT_128(3, 1, 0, 0x38),
  /** Any two halves of second and rm. */
  PERMUTE_128(3, 1, 0, 0x46, Encoding.VEX),
  /** rm where the sign of the register in the immediate's high half is set, else second. */
  FLOAT_BLEND_BY_SIGN(3, 1, 0, 0x4a, Encoding.VEX),
  /** Loads lanes where the sign of second is set, zero elsewhere. */
  FLOAT_LOAD_BY_SIGN(2, 1, 0, 0x2c, Encoding.VEX),
  /** Stores lanes where the sign of second is set. */
  FLOAT_STORE_BY_SIGN(2, 1, 0, 0x2e, Encoding.VEX),
  ADD_64(1, 1, 1, 0xd4),
  /** The larger of signed integers. */
  MOST_32(2, 1, 0, 0x3d),
  /** All ones where second > rm, signed. */
  GREATER_32(1, 1, 0, 0x66, Encoding.VEX),
  /** 32-bit lanes of second, then of rm, as signed 16 bits, by 128-bit halves. */
  PACK_32(1, 1, 0, 0x6b),
  PACK_16(1, 1, 0, 0x63),
  STORE_LOW_64(1, 1, 1, 0xd6),
  STORE_HIGH_64(1, 0, 0, 0x17),
  FLOAT_ROOT(1, 0, 0, 0x51);

  final int map;
  final int prefix;
  final int wide;
  final int opcode;
  final Encoding encoding;

  Instruction(int map, int prefix, int wide, int opcode) {
    this(map, prefix, wide, opcode, Encoding.BOTH);
  }

  Instruction(int map, int prefix, int wide, int opcode, Encoding encoding) {
    this.map = map;
    this.prefix = prefix;
    this.wide = wide;
    this.opcode = opcode;
    this.encoding = encoding;
  }

  /** How an instruction that is not the same in both must be written. */
  enum Encoding {
    BOTH,
    EVEX,
    VEX
  }
}
