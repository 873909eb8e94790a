package opml.chain;

import java.util.Arrays;
import java.util.List;
import opml.commitment.Keccak;

/** Names one game by content (protocol section 9). */
public record GameKey(byte[] claimId, String challenger, byte[] salt) {
  public byte[] id() {
    return Keccak.hash(packed());
  }

  /** claimId | challenger | salt, 84 bytes. */
  byte[] packed() {
    byte[] out = Arrays.copyOf(claimId, 84);
    System.arraycopy(Hex.bytes(challenger), 0, out, 32, 20);
    System.arraycopy(salt, 0, out, 52, 32);
    return out;
  }

  List<?> tuple() {
    return List.of(claimId, challenger, salt);
  }
}
