package opml.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A damaged model in the store stands in nobody's way. */
class DamagedModelTest {
  @RegisterExtension final Terminal terminal = new Terminal();

  @Test
  void itIsNamedAndTheOthersAreListedAndUsed() throws IOException {
    terminal.json("model", "import", "opml-tiny", "--no-gate", "--json");
    Path broken = Files.createDirectories(terminal.home().resolve("models/broken"));
    Files.writeString(broken.resolve("model.json"), "{\"name\":\"bro");
    JsonNode list = terminal.json("model", "list", "--json");
    assertEquals(1, list.size());
    assertEquals("opml-tiny", list.get(0).get("name").textValue());
    assertTrue(terminal.err().contains("models/broken is damaged ("), terminal.err());
    terminal.json("ask", "Hi", "--model", "opml-tiny", "--max-tokens", "1", "--json");
    String said = terminal.refused(1, "ask", "Hi", "--model", "broken");
    assertTrue(said.contains("opml model remove broken"), said);
    terminal.json("model", "remove", "broken", "--json");
    terminal.json("model", "list", "--json");
    assertEquals("", terminal.err());
  }
}
