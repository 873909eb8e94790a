package opml.chain;

import java.math.BigInteger;

/**
 * What a transaction does: its content without sender, nonce and fee.
 *
 * @param to 0x address, or null to create a contract
 * @param value wei
 */
public record Call(String to, byte[] data, BigInteger value) {
  public Call(String to, byte[] data) {
    this(to, data, BigInteger.ZERO);
  }
}
