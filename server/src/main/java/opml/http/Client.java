package opml.http;

import io.vertx.core.http.HttpServerRequest;
import java.security.SecureRandom;
import java.util.Arrays;
import opml.commitment.Keccak;

/**
 * Who asks, as far as limits go: the address, of IPv6 the first 64 bits. Kept as a hash under a key
 * of this process, so that no list of addresses comes into being.
 *
 * @param id 16 bytes in hex
 */
public record Client(String id) {
  private static final byte[] KEY = new SecureRandom().generateSeed(32);

  /** The sender of a request; behind a proxy the one it names, if quarkus.http.proxy trusts it. */
  public static Client of(HttpServerRequest request) {
    return of(request.remoteAddress().hostAddress());
  }

  /** The sender with an address. */
  public static Client of(String address) {
    byte[] network = network(address);
    byte[] keyed = Arrays.copyOf(KEY, KEY.length + network.length);
    System.arraycopy(network, 0, keyed, KEY.length, network.length);
    return new Client(Hex.of(Arrays.copyOf(Keccak.hash(keyed), 16)).substring(2));
  }

  private static byte[] network(String address) {
    if (address == null) {
      return new byte[0];
    }
    try {
      byte[] bytes = java.net.InetAddress.ofLiteral(address).getAddress();
      return bytes.length == 16 ? Arrays.copyOf(bytes, 8) : bytes;
    } catch (IllegalArgumentException e) {
      return address.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
  }
}
