package opml.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

/** What a stranger reads with {@code --help}. */
class HelpTest {
  @Test
  void everyCommandAndArgumentIsDescribedInASentence() {
    List<String> wrong = new ArrayList<>();
    look(Main.commandLine(), wrong);
    assertEquals(List.of(), wrong);
  }

  private static void look(CommandLine command, List<String> wrong) {
    String name = command.getCommandSpec().qualifiedName();
    String[] told = command.getCommandSpec().usageMessage().description();
    for (String part : told) { // each is a paragraph; the first stands in the list
      if (!part.matches("(?s)\\S.*\\.")) {
        wrong.add(name + ": " + part);
      }
    }
    if (told.length == 0 || told[0].length() > 90) {
      wrong.add(name + " has no short first sentence");
    }
    List<ArgSpec> arguments = new ArrayList<>(command.getCommandSpec().options());
    arguments.addAll(command.getCommandSpec().positionalParameters());
    for (ArgSpec argument : arguments) {
      String words = String.join(" ", argument.description());
      boolean counts = argument.type() == int.class || argument.type() == Integer.class;
      boolean bounded = argument.converters().length > 0 || words.matches("[0-9]+ to [0-9]+ .*");
      if (counts && !bounded) {
        wrong.add(name + " " + argument.paramLabel() + " takes any number");
      }
      if (!words.matches("(?s)\\S.*\\.")) {
        wrong.add(name + " " + argument.paramLabel() + ": " + words);
      }
    }
    command.getSubcommands().values().stream()
        .filter(sub -> !(sub.getCommand() instanceof CommandLine.HelpCommand))
        .forEach(sub -> look(sub, wrong));
  }

  /** The commands that the documents name are there, with their options. */
  @Test
  void theDocumentsNameCommandsThatAreThere() throws IOException {
    List<String> wrong = new ArrayList<>();
    List<String> launcher = List.of("test", "build"); // what opml itself does
    Path root = Path.of("..");
    int found = 0;
    try (Stream<Path> documents = Files.walk(root.resolve("docs"))) {
      for (Path document :
          Stream.concat(Stream.of(root.resolve("README.md")), documents)
              .filter(path -> path.toString().endsWith(".md"))
              .toList()) {
        Matcher named = Pattern.compile("\\./opml ([^`#\n]*)").matcher(Files.readString(document));
        for (; named.find(); found++) {
          String[] words = named.group(1).strip().split(" ");
          if (!launcher.contains(words[0]) && !known(Main.commandLine(), words)) {
            wrong.add(document + ": opml " + named.group(1));
          }
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(found > 40, found + " commands");
  }

  private static boolean known(CommandLine command, String[] words) {
    CommandLine at = command;
    for (String word : words) {
      CommandLine sub = at.getSubcommands().get(word);
      boolean group = !at.getSubcommands().isEmpty();
      if (sub != null) {
        at = sub;
      } else if (group || word.startsWith("--") && at.getCommandSpec().findOption(word) == null) {
        return false;
      }
    }
    return true;
  }
}
