package opml.cli;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with the words of a command line, and what comes near it. */
final class WrongUse implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException wrong, String[] arguments) {
    CommandSpec command = wrong.getCommandLine().getCommandSpec();
    String words = wrong.getMessage();
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      words = unknown(command, unmatched.getUnmatched().getFirst());
    }
    String name = command.qualifiedName();
    var err = wrong.getCommandLine().getErr();
    err.println("opml: " + plain(words));
    err.println("`" + name + " --help` tells what can be given.");
    return CommandLine.ExitCode.USAGE;
  }

  private static String plain(String words) {
    return words
        .replaceFirst(" is not an? (int|long)$", " is no whole number")
        .replaceFirst(" is not an? (float|double)$", " is no number");
  }

  private static String unknown(CommandSpec command, String word) {
    boolean option = word.startsWith("-");
    boolean group = !command.subcommands().isEmpty();
    List<String> known =
        option
            ? command.options().stream().flatMap(WrongUse::names).toList()
            : List.copyOf(command.subcommands().keySet());
    String near = near(word.replaceFirst("=.*", ""), known);
    String what =
        option
            ? "there is no option " + word
            : group ? "there is no command " + word : "'" + word + "' is one argument too many";
    String remedy =
        near != null
            ? ": did you mean " + near + "?"
            : group && !option
                ? ": name one of " + String.join(", ", known)
                : option ? "" : ": put a text of several words in quotes";
    return what + remedy;
  }

  private static Stream<String> names(OptionSpec option) {
    return Stream.of(option.names());
  }

  /** The known word that fewest changes of letters lead to, or null where all are far. */
  private static String near(String word, List<String> known) {
    int most = Math.max(1, word.length() / 3);
    return known.stream()
        .filter(one -> distance(word, one) <= most)
        .min(Comparator.comparingInt(one -> distance(word, one)))
        .orElse(null);
  }

  /** Letters to insert, leave out, replace or swap with the next. */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + same, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        d[i][j] = swapped ? Math.min(d[i][j], d[i - 2][j - 2] + 1) : d[i][j];
      }
    }
    return d[a.length()][b.length()];
  }
}
