package opml.chain;

import java.util.Map;

/** A decoded event: values by field name, as {@link AbiCodec} gives them. */
public record ChainEvent(String name, Map<String, Object> fields, Log log) {
  public byte[] bytes(String field) {
    return (byte[]) get(field);
  }

  public long number(String field) {
    Object value = get(field);
    return value instanceof java.math.BigInteger big ? big.longValue() : (Long) value;
  }

  public java.math.BigInteger amount(String field) {
    Object value = get(field);
    return value instanceof Long small
        ? java.math.BigInteger.valueOf(small)
        : (java.math.BigInteger) value;
  }

  public String address(String field) {
    return (String) get(field);
  }

  public boolean flag(String field) {
    return (Boolean) get(field);
  }

  private Object get(String field) {
    Object value = fields.get(field);
    if (value == null) {
      throw new IllegalArgumentException("event " + name + " has no field " + field);
    }
    return value;
  }
}
