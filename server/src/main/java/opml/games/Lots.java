package opml.games;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import opml.commitment.Keccak;

/** Chance that no stranger foresees and that is the same for a claim each time it is asked. */
final class Lots {
  private static final int HASH = 32;

  private final byte[] secret = new byte[HASH];

  Lots() {
    new SecureRandom().nextBytes(secret);
  }

  /** A number in (0, 1] for a claim's id. */
  double of(byte[] id) {
    byte[] both = ByteBuffer.allocate(2 * HASH).put(secret).put(id).array();
    long bits = ByteBuffer.wrap(Keccak.hash(both)).getLong() >>> 11;
    return (bits + 1) * 0x1p-53;
  }
}
