package opml.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import java.math.BigInteger;
import opml.http.Problem;
import opml.http.WholeNumber;

/** What fields of OpenAI's requests have in common. */
final class Fields {
  private static final BigInteger SEEDS = BigInteger.ONE.shiftLeft(64);
  private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);

  private Fields() {}

  static boolean given(JsonNode value) {
    return value != null && !value.isNull() && !(value.isContainerNode() && value.isEmpty());
  }

  static void refuse(String name, boolean used) {
    if (used) {
      String detail = name + " is not supported here: leave it out.";
      throw new Problem(400, "unsupported-field", "Unsupported field", detail, name);
    }
  }

  /** OpenAI's seeds are signed, the sampler's are not: the same 64 bits. */
  static JsonNode unsigned(JsonNode seed) {
    boolean number = seed != null && seed.isNumber();
    BigInteger whole = number ? WholeNumber.of(seed.decimalValue()) : null;
    boolean negative = whole != null && whole.signum() < 0 && whole.compareTo(LEAST) >= 0;
    return negative ? BigIntegerNode.valueOf(whole.add(SEEDS)) : seed;
  }
}
