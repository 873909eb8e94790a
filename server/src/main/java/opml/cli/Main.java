package opml.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. Exit codes: 0 done, 1 failed, 2 wrong use; commands may add their own. */
@Command(
    name = "opml",
    mixinStandardHelpOptions = true,
    version = "opML 1.0",
    description = "Provable answers of language models.",
    footer = {
      "",
      "`./opml test` runs every test, `./opml build` builds; `opml COMMAND --help` tells more.",
      "Exit codes: 0 done, 1 failed, 2 wrong use; commands with others name them.",
      "OPML_HOME: the folder of models, chain and database (default: ~/.opml). OPML_TRACE=1:"
          + " stack traces."
    },
    subcommands = {
      CommandLine.HelpCommand.class,
      StartCommand.class,
      Ask.class,
      Tokenize.class,
      ModelCommand.class,
      Perplexity.class,
      Bench.class,
      DemoCommand.class,
      ContractsCommand.class,
      EscrowCommand.class,
      ReceiptCommand.class,
      VmCommand.class
    })
public final class Main extends Group {
  private static final int MOST = 4000; // characters of a message

  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    StandardError.take();
    // The embedded parts log through JBoss' manager, which wants to be the first.
    System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
    System.exit(run(args));
  }

  /** Runs a command; its exit code. */
  public static int run(String... args) {
    CommandLine line = commandLine();
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          System.err.println("opml: " + words(failure));
          if (System.getenv("OPML_TRACE") != null) {
            failure.printStackTrace();
          }
          boolean use = failure instanceof IllegalArgumentException;
          return use || failure instanceof NoSuchFileException ? 2 : 1;
        });
    try {
      return line.execute(args);
    } catch (OutOfMemoryError e) {
      System.err.println(
          "opml: not enough memory ("
              + e.getMessage()
              + "): take a smaller model, or give Java more"
              + " by OPML_JAVA_OPTS=-Xmx8g");
      return 1;
    }
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setParameterExceptionHandler(new WrongUse())
        .setUsageHelpAutoWidth(true);
  }

  /** It may quote a model file, which could steer a terminal or fill it. */
  private static String readable(String message) {
    String plain = message.replaceAll("[\\p{C}&&[^\n\t]]", "?");
    return plain.length() > MOST ? plain.substring(0, MOST) + " ..." : plain;
  }

  /** What failed; the messages of file errors are nothing but the path. */
  static String words(Exception failure) {
    String message = failure.getMessage();
    return switch (failure) {
      case NoSuchFileException e -> e.getFile() + " is not there: check the path";
      case AccessDeniedException e -> e.getFile() + " may not be read or written by you";
      case FileSystemException e when e.getReason() == null ->
          e.getFile() + ": " + e.getClass().getSimpleName();
      default -> message == null ? failure.toString() : readable(message);
    };
  }
}
