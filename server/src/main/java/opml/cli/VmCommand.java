package opml.cli;

import picocli.CommandLine.Command;

/** {@code opml vm}: the virtual machine by itself. */
@Command(
    name = "vm",
    mixinStandardHelpOptions = true,
    subcommands = {VmRunCommand.class, VmAuditCommand.class, VmReplayCommand.class},
    description = "The virtual machine: runs RISC-V programs, audits answers, checks disputes.")
public final class VmCommand extends Group {}
