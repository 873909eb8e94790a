package opml.catalog;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Tensor types of GGUF by number, with their size per block. */
enum TensorType {
  F32(0, 1, 4),
  F16(1, 1, 2),
  Q4_0(2, 32, 18),
  Q4_1(3, 32, 20),
  Q5_0(6, 32, 22),
  Q5_1(7, 32, 24),
  Q8_0(8, 32, 34),
  Q2_K(10, 256, 84),
  Q3_K(11, 256, 110),
  Q4_K(12, 256, 144),
  Q5_K(13, 256, 176),
  Q6_K(14, 256, 210),
  BF16(30, 1, 2);

  final int number;
  final int values; // of a block
  final int bytes; // of a block

  TensorType(int number, int values, int bytes) {
    this.number = number;
    this.values = values;
    this.bytes = bytes;
  }

  /** The type of a number; {@code offset} is where the file says so. */
  static TensorType of(int number, long offset, String tensor) {
    return Arrays.stream(values())
        .filter(t -> t.number == number)
        .findFirst()
        .orElseThrow(
            () ->
                GgufException.at(
                    offset,
                    "tensor "
                        + tensor
                        + " has the type number "
                        + number
                        + "; supported are "
                        + supportedNames()
                        + ": choose another quantization of this model"));
  }

  static String supportedNames() {
    return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
  }

  /** Whether each value stands for itself. */
  boolean isFloat() {
    return values == 1;
  }

  /** Bytes of so many values. */
  long size(long count) {
    return count / values * bytes;
  }
}
