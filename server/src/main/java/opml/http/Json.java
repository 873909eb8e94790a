package opml.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** JSON as we read and write it: strict UTF-8 in, null fields left out. */
public final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .addModule(new SimpleModule().addDeserializer(Integer.class, new WholeNumber()))
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .configure(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, true)
          .configure(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, true)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS) // "7" and true are no numbers
          .withCoercionConfig(LogicalType.Textual, Json::strict)
          .configure(JsonParser.Feature.STRICT_DUPLICATE_DETECTION, true)
          .build();
  private static final ObjectMapper FOREIGN =
      MAPPER.copy().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

  /** What an error of the parser says to who can configure it, which who asks can't. */
  private static final Pattern INSIDE =
      Pattern.compile(
          " \\(start marker at .*?\\]\\)|: enable `[^`]*` to allow|, from `[^`]*`|: maybe a .*",
          Pattern.DOTALL);

  private Json() {}

  /** A number is no text: 5 is not "5". */
  private static void strict(MutableCoercionConfig text) {
    text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
  }

  /** Reads a request body; a field that it does not have is an error. */
  public static <T> T read(byte[] body, Class<T> type) {
    return read(body, type, MAPPER);
  }

  /** Reads a request body of a form that is not ours: fields that we do not know are left out. */
  public static <T> T readForeign(byte[] body, Class<T> type) {
    return read(body, type, FOREIGN);
  }

  /** Jackson alone lets overlong forms and encoded surrogates pass. */
  private static <T> T read(byte[] body, Class<T> type, ObjectMapper mapper) {
    if (body == null || body.length == 0) {
      throw Problem.invalid("", "The body is empty: send a JSON object.");
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      T value = mapper.readValue(text, type);
      if (value == null) {
        throw Problem.invalid("", "The body is null: send a JSON object.");
      }
      return value;
    } catch (CharacterCodingException e) {
      String detail = "The body is not valid UTF-8: encode it as UTF-8.";
      throw new Problem(400, "invalid-utf8", "Invalid UTF-8", detail, null);
    } catch (JsonProcessingException e) {
      throw e.getCause() instanceof Problem problem ? problem : unreadable(e);
    }
  }

  /** Reads what this server wrote itself. */
  public static JsonNode tree(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("stored JSON is unreadable", e);
    }
  }

  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + value.getClass(), e);
    }
  }

  /** Refuses text with half a surrogate pair: it has no UTF-8 form, so it can't be committed to. */
  public static String wellFormed(String text, String field) {
    if (text != null && !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      String detail = field + " holds an unpaired surrogate: it has no UTF-8 form.";
      throw new Problem(400, "invalid-utf8", "Invalid UTF-8", detail, field);
    }
    return text;
  }

  static Problem unreadable(JsonProcessingException e) {
    StringBuilder field = new StringBuilder();
    if (e instanceof JsonMappingException mapping) {
      for (JsonMappingException.Reference at : mapping.getPath()) {
        field.append('/').append(at.getFieldName() == null ? at.getIndex() : at.getFieldName());
      }
    }
    String where =
        e.getLocation() == null
            ? ""
            : " (line "
                + e.getLocation().getLineNr()
                + ", column "
                + e.getLocation().getColumnNr()
                + ")";
    String detail = words(e, field.toString()) + where;
    return new Problem(400, "invalid-json", "Invalid JSON", detail, field.toString());
  }

  /** What is wrong, without the names of our classes. */
  private static String words(JsonProcessingException e, String field) {
    return switch (e) {
      case UnrecognizedPropertyException unknown ->
          shortened(unknown.getPropertyName())
              + " is no field here: leave it out, or use one of "
              + unknown.getKnownPropertyIds().stream().map(String::valueOf).sorted().toList();
      case MismatchedInputException other when other.getTargetType() != null ->
          (field.isEmpty() ? "The body" : field.substring(1))
              + " must be "
              + kind(other.getTargetType());
      default ->
          "The body is not the JSON expected: "
              + INSIDE.matcher(e.getOriginalMessage()).replaceAll("");
    };
  }

  /** A name from outside, of a length that fits an error. */
  private static String shortened(String name) {
    return name.length() <= 100 ? name : name.substring(0, 100) + "…";
  }

  private static String kind(Class<?> type) {
    if (type == String.class) {
      return "a string";
    }
    if (type == Integer.class) {
      return "a whole number of at most " + Integer.MAX_VALUE;
    }
    if (type == Double.class || type == Float.class) {
      return "a number";
    }
    if (type == Boolean.class) {
      return "true or false";
    }
    if (type == byte[].class) {
      return "base64 in a string";
    }
    return List.class.isAssignableFrom(type) ? "an array" : "an object";
  }
}
