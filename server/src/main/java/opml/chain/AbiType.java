package opml.chain;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A type of the contract ABI.
 *
 * @param size bits of a number, bytes of a fixed byte string, elements of a fixed array
 * @param parts fields of a tuple, or the one element type of an array
 */
record AbiType(Kind kind, int size, List<AbiType> parts) {
  enum Kind {
    UNSIGNED,
    SIGNED,
    BOOL,
    ADDRESS,
    FIXED_BYTES,
    BYTES,
    STRING,
    TUPLE,
    ARRAY,
    FIXED_ARRAY
  }

  /** Reads one parameter of an ABI file ({@code type} and {@code components}). */
  static AbiType of(JsonNode parameter) {
    List<AbiType> fields = new ArrayList<>();
    for (JsonNode field : parameter.path("components")) {
      fields.add(of(field));
    }
    return parse(parameter.get("type").asText(), fields);
  }

  private static AbiType parse(String type, List<AbiType> fields) {
    if (type.endsWith("]")) {
      int open = type.lastIndexOf('[');
      List<AbiType> element = List.of(parse(type.substring(0, open), fields));
      String length = type.substring(open + 1, type.length() - 1);
      return length.isEmpty()
          ? new AbiType(Kind.ARRAY, 0, element)
          : new AbiType(Kind.FIXED_ARRAY, Integer.parseInt(length), element);
    }
    return switch (type) {
      case "bool" -> new AbiType(Kind.BOOL, 8, List.of());
      case "address" -> new AbiType(Kind.ADDRESS, 160, List.of());
      case "bytes" -> new AbiType(Kind.BYTES, 0, List.of());
      case "string" -> new AbiType(Kind.STRING, 0, List.of());
      case "tuple" -> new AbiType(Kind.TUPLE, 0, List.copyOf(fields));
      default -> sized(type);
    };
  }

  private static AbiType sized(String type) {
    for (Kind kind : List.of(Kind.FIXED_BYTES, Kind.UNSIGNED, Kind.SIGNED)) {
      String prefix = kind == Kind.FIXED_BYTES ? "bytes" : kind == Kind.UNSIGNED ? "uint" : "int";
      if (type.startsWith(prefix)) {
        return new AbiType(kind, Integer.parseInt(type.substring(prefix.length())), List.of());
      }
    }
    throw new IllegalArgumentException("ABI type " + type + ": not supported");
  }

  /** The name used in signatures. */
  String canonical() {
    return switch (kind) {
      case UNSIGNED -> "uint" + size;
      case SIGNED -> "int" + size;
      case FIXED_BYTES -> "bytes" + size;
      case ARRAY -> parts.getFirst().canonical() + "[]";
      case FIXED_ARRAY -> parts.getFirst().canonical() + "[" + size + "]";
      case TUPLE -> signature(parts);
      default -> kind.name().toLowerCase(java.util.Locale.ROOT);
    };
  }

  static String signature(List<AbiType> types) {
    return "(" + String.join(",", types.stream().map(AbiType::canonical).toList()) + ")";
  }

  boolean dynamic() {
    return switch (kind) {
      case BYTES, STRING, ARRAY -> true;
      case TUPLE, FIXED_ARRAY -> parts.stream().anyMatch(AbiType::dynamic);
      default -> false;
    };
  }

  /** Element types of a tuple or of an array of {@code n} elements. */
  List<AbiType> elements(int n) {
    return kind == Kind.TUPLE ? parts : java.util.Collections.nCopies(n, parts.getFirst());
  }

  /** Bytes in the head of an encoding. */
  int headBytes() {
    if (dynamic()) {
      return 32;
    }
    return switch (kind) {
      case TUPLE, FIXED_ARRAY -> elements(size).stream().mapToInt(AbiType::headBytes).sum();
      default -> 32;
    };
  }
}
