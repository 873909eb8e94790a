package opml.inference.emitted;

/**
 * The vector instructions in use: EVEX map, mandatory prefix, W and opcode (Intel SDM volume 2).
 */
enum Instruction {
  LOAD(1, 2, 1, 0x6f),
  FLOAT_LOAD(1, 0, 0, 0x10),
  FLOAT_STORE(1, 0, 0, 0x11),
  SCALAR_STORE(1, 2, 0, 0x11),
  AND(1, 1, 0, 0xdb),
  XOR(1, 1, 0, 0xef),
  /** A function of three bits, its table the immediate. */
  TERNARY(3, 1, 1, 0x25),
  /** By an immediate: the register goes into vvvv. */
  ROTATE_LEFT_64(1, 1, 1, 0x72),
  ADD(1, 1, 0, 0xfe),
  SUBTRACT(1, 1, 0, 0xfa),
  /** By an immediate: the register goes into vvvv. */
  SHIFT_LEFT_32(1, 1, 0, 0x72),
  SHIFT_RIGHT_16(1, 1, 0, 0x71),
  /** Four products of an unsigned and a signed byte added to each 32-bit lane: VNNI. */
  DOT_BYTES(2, 1, 0, 0x50),
  /** Two products of signed 16-bit integers added to each 32-bit lane: VNNI. */
  DOT_SHORTS(2, 1, 0, 0x52),
  BYTES_TO_SHORTS(2, 1, 0, 0x20),
  SHORTS_TO_INTS(2, 1, 0, 0x23),
  ADD_16(1, 1, 0, 0xfd),
  /** By an immediate: the register goes into vvvv. */
  SHIFT_LEFT_16(1, 1, 0, 0x71),
  UNPACK_LOW_32(1, 1, 0, 0x62),
  UNPACK_HIGH_32(1, 1, 0, 0x6a),
  UNPACK_LOW_64(1, 1, 1, 0x6c),
  UNPACK_HIGH_64(1, 1, 1, 0x6d),
  SHUFFLE_32(1, 1, 0, 0x70),
  SHUFFLE_128(3, 1, 1, 0x43),
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
  /** Into a mask register, with a predicate: 3 finds NaN. */
  FLOAT_TEST(1, 0, 0, 0xc2),
  /** rm where the mask is set, second elsewhere. */
  FLOAT_BLEND(2, 1, 0, 0x65),
  BROADCAST(2, 1, 0, 0x18),
  FLOAT_COMPARE(1, 0, 0, 0x2e),
  EXTRACT_128(3, 1, 0, 0x19);

  final int map;
  final int prefix;
  final int wide;
  final int opcode;

  Instruction(int map, int prefix, int wide, int opcode) {
    this.map = map;
    this.prefix = prefix;
    this.wide = wide;
    this.opcode = opcode;
  }
}
