package opml.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
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
}
