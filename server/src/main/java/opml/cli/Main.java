package opml.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. Exit codes: 0 done, 1 failed, 2 wrong use; commands may add their own. */
@Command(
    name = "opml",
    mixinStandardHelpOptions = true,
    version = "opML 1.0",
    description = "Provable answers of language models.",
    subcommands = {
      CommandLine.HelpCommand.class,
      StartCommand.class,
      Ask.class,
      Tokenize.class,
      ModelCommand.class,
      Perplexity.class,
      Bench.class,
      DemoCommand.class,
      VmCommand.class
    })
public final class Main implements Runnable {
  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs a command; its exit code. */
  public static int run(String... args) {
    CommandLine line = new CommandLine(new Main());
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          String message = failure.getMessage();
          System.err.println("opml: " + (message == null ? failure.toString() : message));
          if (System.getenv("OPML_TRACE") != null) {
            failure.printStackTrace();
          }
          return failure instanceof IllegalArgumentException ? 2 : 1;
        });
    return line.execute(args);
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.err);
  }
}
