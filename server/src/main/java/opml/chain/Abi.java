package opml.chain;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import opml.commitment.Keccak;

/** Functions, events and errors of one contract, read from its compiled ABI. */
final class Abi {
  /** A function, or the constructor (then the selector is empty). */
  record Function(String name, byte[] selector, List<AbiType> inputs, List<AbiType> outputs) {}

  record Field(String name, AbiType type, boolean indexed) {}

  record Event(String name, byte[] topic, List<Field> fields) {}

  private final Map<String, Function> functions = new HashMap<>();
  private final Map<String, Event> events = new HashMap<>();
  private final Map<String, Function> errors = new HashMap<>();
  private Function constructor = new Function("constructor", new byte[0], List.of(), List.of());

  Abi(JsonNode abi) {
    for (JsonNode entry : abi) {
      String name = entry.path("name").asText();
      List<AbiType> inputs = types(entry.path("inputs"));
      byte[] hash = Keccak.hash(ascii(name + AbiType.signature(inputs)));
      byte[] selector = Arrays.copyOf(hash, 4);
      switch (entry.get("type").asText()) {
        case "function" ->
            functions.put(name, new Function(name, selector, inputs, types(entry.path("outputs"))));
        case "constructor" ->
            constructor = new Function("constructor", new byte[0], inputs, List.of());
        case "error" ->
            errors.put(Hex.of(selector), new Function(name, selector, inputs, List.of()));
        case "event" -> events.put(Hex.of(hash), new Event(name, hash, fields(entry)));
        default -> {
          // receive and fallback have no name to call
        }
      }
    }
  }

  private static List<AbiType> types(JsonNode parameters) {
    List<AbiType> types = new ArrayList<>();
    parameters.forEach(parameter -> types.add(AbiType.of(parameter)));
    return types;
  }

  private static List<Field> fields(JsonNode event) {
    List<Field> fields = new ArrayList<>();
    for (JsonNode input : event.path("inputs")) {
      fields.add(
          new Field(
              input.path("name").asText(), AbiType.of(input), input.path("indexed").asBoolean()));
    }
    return fields;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  Function function(String name) {
    Function function = functions.get(name);
    if (function == null) {
      throw new IllegalArgumentException("function " + name + ": not in the ABI");
    }
    return function;
  }

  byte[] call(String name, Object... arguments) {
    Function function = function(name);
    return concat(
        function.selector(), AbiCodec.encode(function.inputs(), Arrays.asList(arguments)));
  }

  /** Arguments of call data of {@code name}, or null when it calls another function. */
  List<Object> arguments(String name, byte[] data) {
    Function function = function(name);
    if (data.length < 4 || !Arrays.equals(function.selector(), Arrays.copyOf(data, 4))) {
      return null;
    }
    return AbiCodec.decode(function.inputs(), Arrays.copyOfRange(data, 4, data.length));
  }

  List<Object> result(String name, byte[] data) {
    return AbiCodec.decode(function(name).outputs(), data);
  }

  byte[] construct(byte[] code, Object... arguments) {
    return concat(code, AbiCodec.encode(constructor.inputs(), Arrays.asList(arguments)));
  }

  byte[] topic(String event) {
    for (Event candidate : events.values()) {
      if (candidate.name().equals(event)) {
        return candidate.topic();
      }
    }
    throw new IllegalArgumentException("event " + event + ": not in the ABI");
  }

  /** The event with its fields by name, or null when the log is of another contract's event. */
  ChainEvent event(Log log) {
    Event event = log.topics().isEmpty() ? null : events.get(Hex.of(log.topics().getFirst()));
    if (event == null) {
      return null;
    }
    List<AbiType> plain =
        event.fields().stream().filter(f -> !f.indexed()).map(Field::type).toList();
    List<Object> values = AbiCodec.decode(plain, log.data());
    Map<String, Object> fields = new LinkedHashMap<>();
    int topic = 1;
    int value = 0;
    for (Field field : event.fields()) {
      fields.put(
          field.name(),
          field.indexed() ? indexed(field.type(), log.topics().get(topic++)) : values.get(value++));
    }
    return new ChainEvent(event.name(), fields, log);
  }

  /** An indexed field of dynamic type is only its hash. */
  private static Object indexed(AbiType type, byte[] topic) {
    return type.dynamic() ? topic : AbiCodec.decode(List.of(type), topic).getFirst();
  }

  /** Name and arguments of a custom error, or null when it is not of this contract. */
  String error(byte[] data) {
    if (data.length < 4) {
      return null;
    }
    Function error = errors.get(Hex.of(Arrays.copyOf(data, 4)));
    if (error == null) {
      return null;
    }
    List<Object> values = AbiCodec.decode(error.inputs(), Arrays.copyOfRange(data, 4, data.length));
    List<String> words =
        values.stream().map(v -> v instanceof byte[] b ? Hex.of(b) : String.valueOf(v)).toList();
    return error.name() + "(" + String.join(", ", words) + ")";
  }

  private static byte[] concat(byte[] head, byte[] tail) {
    byte[] all = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, all, head.length, tail.length);
    return all;
  }
}
