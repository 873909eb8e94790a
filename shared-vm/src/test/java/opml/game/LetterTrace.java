package opml.game;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import opml.commitment.Keccak;

/**
 * Letters in place of a machine: s(i) is the hash of a letter, a step goes to the next one and the
 * last letter absorbs. The witness is the letter itself.
 */
class LetterTrace implements Trace {
  private final String letters;

  LetterTrace(String letters) {
    this.letters = letters;
  }

  /** Letters A, B, … of one block of Unicode, so that all states differ until the last. */
  static LetterTrace counting(int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) (0x4e00 + i));
    }
    return new LetterTrace(text.toString());
  }

  /** The one-step verifier: state hash after the letter of the witness. */
  byte[] after(byte[] witness) {
    String letter = new String(witness, StandardCharsets.UTF_8);
    return hash(letters.indexOf(letter) + 1);
  }

  @Override
  public byte[] state(long index) {
    return hash(index);
  }

  @Override
  public List<byte[]> states(long from, long stride, int count) {
    List<byte[]> states = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      states.add(state(from + i * stride));
    }
    return states;
  }

  @Override
  public byte[] witness(long index) {
    return letter(index);
  }

  private byte[] hash(long index) {
    return Keccak.hash(letter(index));
  }

  private byte[] letter(long index) {
    int at = (int) Math.min(index, letters.length() - 1);
    return letters.substring(at, at + 1).getBytes(StandardCharsets.UTF_8);
  }
}
