package opml.chain;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Values to and from the contract ABI encoding.
 *
 * <p>Numbers up to 64 bits are {@code Long} (unsigned ones as bits), wider ones {@code BigInteger};
 * addresses are 0x strings, byte strings {@code byte[]}, tuples and arrays {@code List}.
 */
final class AbiCodec {
  private AbiCodec() {}

  static byte[] encode(List<AbiType> types, List<?> values) {
    if (types.size() != values.size()) {
      throw new IllegalArgumentException(values.size() + " values for " + AbiType.signature(types));
    }
    int tailAt = types.stream().mapToInt(AbiType::headBytes).sum();
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    ByteArrayOutputStream tail = new ByteArrayOutputStream();
    for (int i = 0; i < types.size(); i++) {
      byte[] encoded = encode(types.get(i), values.get(i));
      if (types.get(i).dynamic()) {
        head.writeBytes(word(BigInteger.valueOf(tailAt + tail.size())));
        tail.writeBytes(encoded);
      } else {
        head.writeBytes(encoded);
      }
    }
    head.writeBytes(tail.toByteArray());
    return head.toByteArray();
  }

  private static byte[] encode(AbiType type, Object value) {
    return switch (type.kind()) {
      case UNSIGNED, SIGNED -> word(number(type, value));
      case BOOL -> word((Boolean) value ? BigInteger.ONE : BigInteger.ZERO);
      case ADDRESS -> word(new BigInteger(1, Hex.bytes((String) value)));
      case FIXED_BYTES -> fixed(type, (byte[]) value);
      case BYTES -> withLength((byte[]) value);
      case STRING -> withLength(((String) value).getBytes(StandardCharsets.UTF_8));
      case TUPLE -> encode(type.parts(), (List<?>) value);
      case FIXED_ARRAY -> encode(type.elements(type.size()), (List<?>) value);
      case ARRAY -> {
        List<?> list = (List<?>) value;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(word(BigInteger.valueOf(list.size())));
        out.writeBytes(encode(type.elements(list.size()), list));
        yield out.toByteArray();
      }
    };
  }

  private static BigInteger number(AbiType type, Object value) {
    if (value instanceof BigInteger big) {
      return big;
    }
    long bits = ((Number) value).longValue();
    boolean wraps = type.kind() == AbiType.Kind.UNSIGNED && value instanceof Long && bits < 0;
    return wraps ? new BigInteger(Long.toUnsignedString(bits)) : BigInteger.valueOf(bits);
  }

  private static byte[] word(BigInteger value) {
    byte[] bytes = value.toByteArray();
    byte[] word = new byte[32];
    Arrays.fill(word, (byte) (value.signum() < 0 ? -1 : 0));
    int used = Math.min(32, bytes.length);
    System.arraycopy(bytes, bytes.length - used, word, 32 - used, used);
    return word;
  }

  private static byte[] fixed(AbiType type, byte[] value) {
    if (value.length != type.size()) {
      throw new IllegalArgumentException(value.length + " bytes for " + type.canonical());
    }
    return Arrays.copyOf(value, 32);
  }

  private static byte[] withLength(byte[] bytes) {
    byte[] out = Arrays.copyOf(word(BigInteger.valueOf(bytes.length)), 32 + padded(bytes.length));
    System.arraycopy(bytes, 0, out, 32, bytes.length);
    return out;
  }

  private static int padded(int length) {
    return length + 31 & -32;
  }

  static List<Object> decode(List<AbiType> types, byte[] data) {
    return decode(types, data, 0);
  }

  private static List<Object> decode(List<AbiType> types, byte[] data, int base) {
    List<Object> values = new ArrayList<>();
    int head = base;
    for (AbiType type : types) {
      int at = type.dynamic() ? base + integer(data, head) : head;
      values.add(value(type, data, at));
      head += type.headBytes();
    }
    return values;
  }

  private static Object value(AbiType type, byte[] data, int at) {
    return switch (type.kind()) {
      case UNSIGNED -> narrowed(type, new BigInteger(1, data, at, 32));
      case SIGNED -> narrowed(type, new BigInteger(data, at, 32));
      case BOOL -> data[at + 31] != 0;
      case ADDRESS -> Hex.of(Arrays.copyOfRange(data, at + 12, at + 32));
      case FIXED_BYTES -> Arrays.copyOfRange(data, at, at + type.size());
      case BYTES -> bytes(data, at);
      case STRING -> new String(bytes(data, at), StandardCharsets.UTF_8);
      case TUPLE, FIXED_ARRAY -> decode(type.elements(type.size()), data, at);
      case ARRAY -> decode(type.elements(integer(data, at)), data, at + 32);
    };
  }

  private static Object narrowed(AbiType type, BigInteger value) {
    return type.size() <= 64 ? (Object) value.longValue() : value;
  }

  private static byte[] bytes(byte[] data, int at) {
    int length = integer(data, at);
    return Arrays.copyOfRange(data, at + 32, at + 32 + length);
  }

  private static int integer(byte[] data, int at) {
    int value = new BigInteger(1, data, at, 32).intValueExact();
    if (value > data.length) {
      throw new IllegalArgumentException("ABI offset " + value + " beyond " + data.length);
    }
    return value;
  }
}
