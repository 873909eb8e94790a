package opml.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownVectorsTest {
  /** A model may mix nine types on four vectors: memory must not grow from token to token. */
  @Test
  void eachIsMadeOnceHoweverManyTypesAModelMixes() {
    List<String> made = new ArrayList<>();
    KnownVectors<String> known =
        new KnownVectors<>(
            (blocks, type) -> {
              made.add(blocks + " of " + type);
              return made.getLast();
            });
    List<String> first = round(known);
    List<String> second = round(known);
    assertEquals(72, made.size());
    for (int i = 0; i < first.size(); i++) {
      assertSame(first.get(i), second.get(i));
    }
  }

  private static List<String> round(KnownVectors<String> known) {
    List<String> all = new ArrayList<>();
    for (long address = 0; address < 4 * 4096; address += 4096) {
      for (int type = 0; type < 9; type++) {
        all.add(known.at(address, 18, type));
        all.add(known.at(address, 48, type));
      }
    }
    return all;
  }
}
