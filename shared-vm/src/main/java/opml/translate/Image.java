package opml.translate;

import java.util.List;
import java.util.Locale;

/**
 * The guest as machine code.
 *
 * @param code content of the CODE region; the entry is its first byte
 * @param symbols the routines by address
 * @param worst most instructions of one operator, INV-02
 * @param chain the calls that cost most, outermost first, one line each
 */
public record Image(byte[] code, List<Symbol> symbols, long worst, List<String> chain) {
  /**
   * One routine.
   *
   * @param address of its first instruction
   * @param words its length in instructions
   * @param worst most instructions of one operator that only calls it once
   */
  public record Symbol(String name, long address, int words, long worst) {}

  /** The text form kept beside the image: one line for each routine, in the order of addresses. */
  public String map() {
    StringBuilder text = new StringBuilder("worst " + worst + "\n");
    for (Symbol s : symbols) {
      text.append(
          String.format(
              Locale.ROOT, "%011x %6d %9d %s\n", s.address(), s.words(), s.worst(), s.name()));
    }
    return text.toString();
  }
}
