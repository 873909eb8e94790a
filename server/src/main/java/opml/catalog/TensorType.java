package opml.catalog;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Tensor types of GGUF by number, with their size per block; those the guest computes with are
 * supported.
 */
enum TensorType {
  F32(0, 1, 4, true),
  F16(1, 1, 2, false),
  Q4_0(2, 32, 18, true),
  Q4_1(3, 32, 20, true),
  Q5_0(6, 32, 22, true),
  Q5_1(7, 32, 24, true),
  Q8_0(8, 32, 34, true),
  Q2_K(10, 256, 84, false),
  Q3_K(11, 256, 110, false),
  Q4_K(12, 256, 144, false),
  Q5_K(13, 256, 176, false),
  Q6_K(14, 256, 210, false),
  BF16(30, 1, 2, false);

  final int number;
  final int values; // of a block
  final int bytes; // of a block
  final boolean supported;

  TensorType(int number, int values, int bytes, boolean supported) {
    this.number = number;
    this.values = values;
    this.bytes = bytes;
    this.supported = supported;
  }

  static TensorType of(int number, long offset, String tensor) {
    return Arrays.stream(values())
        .filter(t -> t.number == number)
        .findFirst()
        .orElseThrow(
            () -> GgufException.at(offset, "tensor " + tensor + " has the unknown type " + number));
  }

  static String supportedNames() {
    return Arrays.stream(values())
        .filter(t -> t.supported)
        .map(Enum::name)
        .collect(Collectors.joining(", "));
  }

  /** Bytes of so many values. */
  long size(long count) {
    return count / values * bytes;
  }
}
