package opml.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything outside the subset is refused with class, method, line and a reason. */
class RefusalTest {
  private static final Path SOURCE = Path.of("src/test/java/opml/translate/Refused.java");
  private static final Pattern METHOD = Pattern.compile("^  static int (\\w+)\\(");
  private static final Pattern HERE = Pattern.compile("// here: (.*)$");

  record Case(String method, int line, String reason) {}

  static Stream<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    String method = "";
    List<String> lines = Files.readAllLines(SOURCE);
    for (int i = 0; i < lines.size(); i++) {
      Matcher start = METHOD.matcher(lines.get(i));
      method = start.find() ? start.group(1) : method;
      Matcher here = HERE.matcher(lines.get(i));
      if (here.find()) {
        cases.add(new Case(method, i + 1, here.group(1)));
      }
    }
    assertTrue(cases.size() > 25, "found " + cases.size());
    return cases.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void isRefusedAtItsLine(Case c) {
    String entry = c.method.equals("wide") ? "manyArguments" : c.method;
    SubsetException e =
        assertThrows(SubsetException.class, () -> translate("opml/translate/Refused", entry));
    String where = "opml.translate.Refused." + c.method + ":" + c.line + ": ";
    assertTrue(e.getMessage().startsWith(where), e.getMessage() + " should start with " + where);
    assertTrue(e.getMessage().contains(c.reason), e.getMessage());
  }

  @Test
  void aMethodThatIsNotThereIsRefused() {
    SubsetException e =
        assertThrows(SubsetException.class, () -> translate("opml/translate/Refused", "absent"));
    assertTrue(e.getMessage().contains("no method absent"), e.getMessage());
  }

  @Test
  void theEntryReturnsAnInt() {
    assertEquals(
        "opml.guest.Kernels.add:0: the entry must return an int",
        assertThrows(
                SubsetException.class,
                () ->
                    Translator.translate(
                        Twin::resource, "opml/guest/Kernels", "add", "(Lopml/guest/Memory;JJI)V"))
            .getMessage());
  }

  private static Image translate(String owner, String method) {
    return Translator.translate(Twin::resource, owner, method, "(Lopml/guest/Memory;)I");
  }
}
