package opml.chain;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import opml.commitment.Keccak;

/**
 * The salt of the own game about each claim: the same after a restart, and unknown to strangers.
 *
 * <p>SAFETY: anybody may open a game in our name. With a salt that he foresees he opens the one
 * that we would open, lets our clock run out while we are away, and no other is ever opened.
 */
public final class Salts {
  private static final int HASH = 32;
  private static final String PURPOSE = "opML: salts of games";

  private final byte[] secret;

  /** For the games of an account: made of a signature that it gives for nothing else. */
  public Salts(Account account) {
    byte[] digest = Keccak.hash(PURPOSE.getBytes(StandardCharsets.US_ASCII));
    secret = Keccak.hash(account.sign(digest)); // deterministic, RFC 6979
  }

  /** Of the game about a claim. */
  public byte[] of(byte[] claimId) {
    byte[] both = Arrays.copyOf(secret, 2 * HASH);
    System.arraycopy(claimId, 0, both, HASH, HASH);
    return Keccak.hash(both);
  }
}
