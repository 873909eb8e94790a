package opml.chain;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import opml.commitment.Keccak;

/**
 * A request to the oracle; all of it is passed again to every later call (protocol section 14).
 *
 * @param h exponent that claims must use, 1 to 4
 * @param proposer who alone may claim before {@code exclusiveUntil}
 * @param exclusiveUntil seconds since the epoch
 * @param expiry seconds since the epoch; nobody may claim from then on
 * @param fee wei for the proposer whose claim survives
 * @param callback contract to call with the answer, or {@link #NOBODY}
 * @param provisional whether to call back at the first claim instead of after it survived
 */
public record OracleRequest(
    byte[] modelId,
    byte[] inputHash,
    int h,
    String requester,
    String proposer,
    long exclusiveUntil,
    long expiry,
    BigInteger fee,
    String callback,
    long callbackGas,
    boolean provisional,
    byte[] salt) {
  /** The zero address. */
  public static final String NOBODY = "0x" + "0".repeat(40);

  public byte[] id() {
    return Keccak.hash(encoded());
  }

  /** ABI form, to be stored. */
  public byte[] encoded() {
    return AbiCodec.encode(List.of(type()), List.of(tuple()));
  }

  /** Reads the ABI form. */
  public static OracleRequest decode(byte[] encoded) {
    return of((List<?>) AbiCodec.decode(List.of(type()), encoded).getFirst());
  }

  private static AbiType type() {
    return Contracts.abi("Oracle").function("request").inputs().getFirst();
  }

  List<?> tuple() {
    return Arrays.asList(
        modelId,
        inputHash,
        h,
        requester,
        proposer,
        exclusiveUntil,
        expiry,
        fee,
        callback,
        callbackGas,
        provisional,
        salt);
  }

  static OracleRequest of(List<?> t) {
    return new OracleRequest(
        (byte[]) t.get(0),
        (byte[]) t.get(1),
        ((Long) t.get(2)).intValue(),
        (String) t.get(3),
        (String) t.get(4),
        (Long) t.get(5),
        (Long) t.get(6),
        (BigInteger) t.get(7),
        (String) t.get(8),
        (Long) t.get(9),
        (Boolean) t.get(10),
        (byte[]) t.get(11));
  }
}
