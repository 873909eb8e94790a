package opml.chain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import opml.commitment.Keccak;
import org.junit.jupiter.api.Test;

class SaltsTest {
  private final byte[] claim = Keccak.hash(new byte[] {1});

  private static Salts of(int seed) {
    return new Salts(Account.ofSeed(new byte[] {(byte) seed}));
  }

  @Test
  void aRestartFindsTheSame() {
    assertArrayEquals(of(1).of(claim), of(1).of(claim));
  }

  @Test
  void eachClaimAndEachAccountHasItsOwn() {
    assertFalse(Arrays.equals(of(1).of(claim), of(1).of(Keccak.hash(claim))));
    assertFalse(Arrays.equals(of(1).of(claim), of(2).of(claim)));
  }
}
