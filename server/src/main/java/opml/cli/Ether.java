package opml.cli;

import java.math.BigDecimal;
import java.math.BigInteger;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An amount above 0 in ether, plainly written; wei. */
final class Ether implements ITypeConverter<BigInteger> {
  private static final int WEI_DIGITS = 18;

  @Override
  public BigInteger convert(String word) {
    // ten digits are more ether than there is; an exponent may name a number that fills the memory
    boolean plain = word.matches("[0-9]{1,10}(\\.[0-9]{1," + WEI_DIGITS + "})?");
    BigDecimal wei = plain ? new BigDecimal(word).movePointRight(WEI_DIGITS) : BigDecimal.ZERO;
    if (wei.signum() == 0) {
      throw new TypeConversionException(
          "'"
              + word
              + "': give an amount above 0 such as 1.28, at most 18 digits behind the point");
    }
    return wei.toBigIntegerExact();
  }
}
