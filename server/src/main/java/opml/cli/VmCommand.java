package opml.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code opml vm}: the virtual machine by itself. */
@Command(
    name = "vm",
    mixinStandardHelpOptions = true,
    subcommands = {VmRunCommand.class, VmAuditCommand.class, VmReplayCommand.class},
    description = "The virtual machine: runs RISC-V programs, audits answers, checks disputes.")
public final class VmCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "Give a command: vm run FILE.elf, vm audit, vm replay GAME");
  }
}
