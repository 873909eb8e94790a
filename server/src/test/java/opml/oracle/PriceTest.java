package opml.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import opml.chain.OracleRequest;
import org.junit.jupiter.api.Test;

class PriceTest {
  private static final BigInteger LEAST = BigInteger.TEN.pow(15);
  private static final BigInteger GWEI = BigInteger.TEN.pow(9);
  private static final String SOMEBODY = "0x00000000000000000000000000000000000000aa";

  private static BigInteger price(int tokens, int context, String callback, long gweis) {
    byte[] input = new byte[32];
    ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN).putInt(4, tokens);
    byte[] hash = new byte[32];
    OracleRequest request =
        new OracleRequest(
            hash, hash, 4, SOMEBODY, SOMEBODY, 1, 2, LEAST, callback, 1_000_000, false, hash);
    BigInteger gasPrice = GWEI.multiply(BigInteger.valueOf(gweis));
    return new Price(LEAST).of(request, input, context, gasPrice);
  }

  private static BigInteger gwei(long n) {
    return GWEI.multiply(BigInteger.valueOf(n));
  }

  @Test
  void aShortAnswerCostsTheLeast() {
    assertEquals(LEAST, price(100, 2048, OracleRequest.NOBODY, 1));
  }

  @Test
  void aShortAnswerCostsItsTransactionsWhereGasIsDear() {
    assertEquals(gwei(50 * (200_000 + 88 * 24)), price(1, 2048, OracleRequest.NOBODY, 50));
  }

  /** Whoever pays the least only would have us lose the gas of each answer. */
  @Test
  void aLongAnswerCostsItsCallDataWhereGasIsDear() {
    assertEquals(gwei(50 * (200_000 + 88 * 8016)), price(1000, 2048, OracleRequest.NOBODY, 50));
    assertEquals(gwei(50 * (200_000 + 88 * 4016)), price(1000, 500, OracleRequest.NOBODY, 50));
    assertEquals(gwei(50L * (200_000 + 88 * 65536)), price(-1, 1 << 20, OracleRequest.NOBODY, 50));
  }

  @Test
  void theGasOfACallbackComesOnTop() {
    assertEquals(LEAST.add(gwei(1_000_000)), price(100, 2048, SOMEBODY, 1));
    assertEquals(gwei(50 * (200_000 + 88 * 8016 + 1_000_000)), price(1000, 2048, SOMEBODY, 50));
  }
}
