package opml.oracle;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import opml.chain.OracleRequest;

/**
 * The least fee for which a request is answered: what the operator asks for, or the gas of an
 * answer as long as it may get where that is more, and the gas of its callback.
 *
 * @param least wei, whatever is asked
 */
record Price(BigInteger least) {
  /**
   * Of claim and finalization, whatever the answer: StrangersClaimTest holds it against a chain.
   */
  private static final long ANSWER_GAS = 200_000;

  /** Of a byte of the answer: call data of claim and finalization (EIP-7623), and an event's. */
  private static final long BYTE_GAS = 2 * 40 + 8;

  private static final int TOKEN_BYTES = 8; // most have fewer
  private static final int HEADER = 16;
  private static final int OUTPUT_MAX = 1 << 16;
  private static final int AT_MAX_TOKENS = 4;

  /**
   * Wei.
   *
   * @param input bytes of a request that the contract has checked
   * @param context tokens of the model
   * @param gasPrice the most that a transaction may cost by now
   */
  BigInteger of(OracleRequest request, byte[] input, int context, BigInteger gasPrice) {
    ByteBuffer bytes = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
    long tokens = Math.min(context, Integer.toUnsignedLong(bytes.getInt(AT_MAX_TOKENS)));
    long longest = Math.min(OUTPUT_MAX, HEADER + TOKEN_BYTES * tokens);
    BigInteger answer = gasPrice.multiply(BigInteger.valueOf(ANSWER_GAS + BYTE_GAS * longest));
    boolean called = !OracleRequest.NOBODY.equals(request.callback());
    long gas = called ? request.callbackGas() : 0;
    return least.max(answer).add(gasPrice.multiply(BigInteger.valueOf(gas)));
  }
}
