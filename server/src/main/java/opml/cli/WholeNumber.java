package opml.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Numbers of options, which are refused by the option's name when they are out of range. */
final class WholeNumber {
  private WholeNumber() {}

  /** From 1 on. */
  static final class FromOne implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String word) {
      return atLeast(1, word);
    }
  }

  /** From 0 on. */
  static final class FromZero implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String word) {
      return atLeast(0, word);
    }
  }

  /** The 64 bits of a seed, signed or not. */
  static final class Bits implements ITypeConverter<Long> {
    @Override
    public Long convert(String word) {
      try {
        return word.startsWith("-") ? Long.parseLong(word) : Long.parseUnsignedLong(word);
      } catch (NumberFormatException e) {
        throw new TypeConversionException(
            "'" + word + "' is no whole number from 0 to 18446744073709551615");
      }
    }
  }

  private static int atLeast(int least, String word) {
    try {
      int number = Integer.parseInt(word);
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below, as any other wrong number
    }
    throw new TypeConversionException(
        "'" + word + "': give a whole number from " + least + " to " + Integer.MAX_VALUE);
  }
}
