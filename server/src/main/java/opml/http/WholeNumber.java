package opml.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Whole numbers of JSON, which knows one kind of number: 256.0 is 256, and there are languages that
 * write it so. 1.5 tokens are not 1.
 */
public final class WholeNumber extends StdDeserializer<Integer> {
  private static final long serialVersionUID = 1;
  private static final int DIGITS_MAX = 40;

  WholeNumber() {
    super(Integer.class);
  }

  @Override
  public Integer deserialize(JsonParser in, DeserializationContext context) throws IOException {
    boolean number = in.currentToken().isNumeric();
    BigInteger whole = number ? of(in.getDecimalValue()) : null;
    if (whole == null || whole.bitLength() >= Integer.SIZE) {
      throw MismatchedInputException.from(in, Integer.class, "not a whole number of 32 bits");
    }
    return whole.intValue();
  }

  /** The number when it is whole, of either sign and not of very many digits; else null. */
  public static BigInteger of(BigDecimal number) {
    // SAFETY: 1e999999999 is few characters and a billion digits
    long before = (long) number.precision() - number.scale();
    boolean fits = number.signum() == 0 || before > 0 && before <= DIGITS_MAX;
    if (!fits) {
      return null;
    }
    BigDecimal plain = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    return plain.scale() > 0 ? null : plain.toBigInteger();
  }
}
