package opml.chain;

import java.math.BigInteger;
import java.security.SignatureException;
import java.util.Arrays;
import java.util.Optional;
import opml.commitment.Keccak;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.ECDSASignature;
import org.web3j.crypto.Keys;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.Sign;
import org.web3j.crypto.TransactionDecoder;
import org.web3j.crypto.TransactionEncoder;

/** A private key that signs transactions and digests. */
public final class Account {
  private final Credentials credentials;

  private Account(Credentials credentials) {
    this.credentials = credentials;
  }

  /** The account of a 32 byte private key, in hex. */
  public static Account ofKey(String hex) {
    return new Account(Credentials.create(hex));
  }

  /** The account whose private key is the hash of {@code seed}: for local chains and tests. */
  public static Account ofSeed(byte[] seed) {
    return ofKey(Hex.of(Keccak.hash(seed)));
  }

  /** 0x and 40 lower case digits. */
  public String address() {
    return credentials.getAddress();
  }

  /** Signature r | s | v of a 32 byte digest (EIP-712 or other), 65 bytes. */
  public byte[] sign(byte[] digest) {
    Sign.SignatureData signature = Sign.signMessage(digest, credentials.getEcKeyPair(), false);
    byte[] out = Arrays.copyOf(signature.getR(), 65);
    System.arraycopy(signature.getS(), 0, out, 32, 32);
    out[64] = signature.getV()[0];
    return out;
  }

  /**
   * The same signature in the one form that contracts take. Whoever shows it can turn it into the
   * other: of the same signer, and good for nothing.
   */
  public static byte[] lowest(byte[] signature) {
    if (signature.length != 65) {
      return signature;
    }
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
    BigInteger lowest = new ECDSASignature(BigInteger.ONE, s).toCanonicalised().s;
    if (lowest.equals(s) || lowest.signum() < 0) { // or it is on no curve
      return signature;
    }
    byte[] out = signature.clone();
    byte[] low = lowest.toByteArray(); // at most half of the order: no byte for the sign
    Arrays.fill(out, 32, 64 - low.length, (byte) 0);
    System.arraycopy(low, 0, out, 64 - low.length, low.length);
    out[64] = (byte) (signature[64] == 27 ? 28 : 27);
    return out;
  }

  /** Whose key made a signature r | s | v of a digest; empty when no key did. */
  public static Optional<String> signer(byte[] digest, byte[] signature) {
    if (signature.length != 65) {
      return Optional.empty();
    }
    Sign.SignatureData parts =
        new Sign.SignatureData(
            signature[64], Arrays.copyOf(signature, 32), Arrays.copyOfRange(signature, 32, 64));
    try {
      return Optional.of("0x" + Keys.getAddress(Sign.signedMessageHashToKey(digest, parts)));
    } catch (SignatureException | RuntimeException e) { // also numbers that are on no curve
      return Optional.empty();
    }
  }

  Signed sign(String key, Call call, long chainId, long nonce, long gas, Fee fee) {
    RawTransaction transaction =
        RawTransaction.createTransaction(
            chainId,
            BigInteger.valueOf(nonce),
            BigInteger.valueOf(gas),
            call.to() == null ? "" : call.to(),
            call.value(),
            Hex.of(call.data()),
            fee.priority(),
            fee.most());
    return signed(key, transaction, nonce, gas, fee);
  }

  /** The same transaction for another fee. */
  Signed sign(Signed signed, long chainId, Fee fee) {
    return sign(signed.key(), call(signed), chainId, signed.nonce(), signed.gas(), fee);
  }

  /** What a signed transaction does. */
  static Call call(Signed signed) {
    RawTransaction decoded = TransactionDecoder.decode(Hex.of(signed.raw()));
    String to = decoded.getTo();
    boolean creates = to == null || to.isEmpty() || to.equals("0x");
    BigInteger value = decoded.getValue() == null ? BigInteger.ZERO : decoded.getValue();
    String data = decoded.getData();
    return new Call(
        creates ? null : to, Hex.bytes(data.startsWith("0x") ? data : "0x" + data), value);
  }

  private Signed signed(String key, RawTransaction transaction, long nonce, long gas, Fee fee) {
    byte[] raw = TransactionEncoder.signMessage(transaction, credentials);
    return new Signed(key, address(), nonce, Hex.of(Keccak.hash(raw)), raw, gas, fee);
  }
}
