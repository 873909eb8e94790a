package opml.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import opml.catalog.ModelImage;
import opml.catalog.ModelInfo;
import opml.catalog.ModelStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model's first start: its precision is measured once, and progress comes to its end. */
class GateTest {
  @TempDir Path home;

  @Test
  void aModelIsMeasuredOnceAndProgressEnds() throws IOException {
    ModelStore store = new ModelStore(home);
    Map<String, Boolean> ended = new ConcurrentHashMap<>();
    List<String> said = new ArrayList<>();
    try (ModelImage image =
        store.open("opml-tiny", (what, done, total) -> ended.put(what, done == total))) {
      Gate.ensure(store, image, said::add);
      assertEquals(2, said.size(), said.toString());
      Gate.ensure(store, image, said::add);
      assertEquals(2, said.size(), "the same image, measured since it was opened");
    }
    assertTrue(ended.containsKey("Importing tensors") && !ended.containsValue(false), ended + "");
    ModelInfo.Gate gate = store.list().getFirst().gate();
    assertTrue(gate.passed(), gate.toString());
    assertTrue(gate.positions() > 1000, "one near tie more or less must not decide");
  }

  @Test
  void largeModelsAreMeasuredOnFewerPositions() {
    assertTrue(Gate.positions(134_515_008) > 1465, "all of the built-in text");
    assertEquals(44, Gate.positions(6_738_415_616L));
    assertEquals(32, Gate.positions(70_000_000_000L));
  }
}
