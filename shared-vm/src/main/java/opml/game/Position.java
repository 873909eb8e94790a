package opml.game;

import java.util.Arrays;
import opml.commitment.Keccak;

/**
 * One position of a game: everything the next move depends on (protocol section 9).
 *
 * @param gameId 32 bytes
 * @param loIndex index of the state lo, common ground of both players
 * @param width log2 of the steps between lo and hi; 0 means that one step is left
 * @param turn {@link #PROPOSER} reveals or {@link #CHALLENGER} picks
 * @param lo s(loIndex), 32 bytes
 * @param hi what the proposer claims for s(loIndex + 2^width), 32 bytes
 * @param reveal root of the reveal tree when the challenger is to pick, otherwise 32 zero bytes
 * @param movedAt seconds since the epoch of the block of the last move
 * @param proposerLeft seconds left on the proposer's clock at movedAt
 * @param challengerLeft seconds left on the challenger's clock at movedAt
 * @param moves moves made so far
 */
public record Position(
    byte[] gameId,
    long loIndex,
    int width,
    int turn,
    byte[] lo,
    byte[] hi,
    byte[] reveal,
    long movedAt,
    int proposerLeft,
    int challengerLeft,
    int moves) {
  public static final int PROPOSER = 0;
  public static final int CHALLENGER = 1;
  public static final int BYTES = 156;
  static final byte[] NO_REVEAL = new byte[32];

  /** The packed form, 156 bytes, integers big-endian. */
  public byte[] packed() {
    byte[] out = new byte[BYTES];
    System.arraycopy(gameId, 0, out, 0, 32);
    put(out, 32, 8, loIndex);
    out[40] = (byte) width;
    out[41] = (byte) turn;
    System.arraycopy(lo, 0, out, 42, 32);
    System.arraycopy(hi, 0, out, 74, 32);
    System.arraycopy(reveal, 0, out, 106, 32);
    put(out, 138, 8, movedAt);
    put(out, 146, 4, proposerLeft);
    put(out, 150, 4, challengerLeft);
    put(out, 154, 2, moves);
    return out;
  }

  /** Reads the packed form. */
  public static Position unpack(byte[] in) {
    if (in.length != BYTES) {
      throw new IllegalArgumentException("position of " + in.length + " bytes, wanted " + BYTES);
    }
    return new Position(
        Arrays.copyOf(in, 32),
        get(in, 32, 8),
        in[40] & 0xff,
        in[41] & 0xff,
        Arrays.copyOfRange(in, 42, 74),
        Arrays.copyOfRange(in, 74, 106),
        Arrays.copyOfRange(in, 106, 138),
        get(in, 138, 8),
        (int) get(in, 146, 4),
        (int) get(in, 150, 4),
        (int) get(in, 154, 2));
  }

  /** What the contract stores of a game, and what every move must name. */
  public byte[] hash() {
    return Keccak.hash(packed());
  }

  /** Index of the last state of the disputed segment. */
  public long hiIndex() {
    return loIndex + (1L << width);
  }

  /** Whether one step is left, which anyone may prove. */
  public boolean isLeaf() {
    return width == 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Position p && Arrays.equals(packed(), p.packed());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(packed());
  }

  private static void put(byte[] out, int at, int bytes, long value) {
    for (int i = 0; i < bytes; i++) {
      out[at + i] = (byte) (value >>> 8 * (bytes - 1 - i));
    }
  }

  private static long get(byte[] in, int at, int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value = value << 8 | in[at + i] & 0xff;
    }
    return value;
  }
}
