package opml.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import opml.chain.Anvil;
import opml.chain.EvmStep;
import opml.machine.ElfRun;
import opml.machine.StepCheck;
import opml.step.StepVerifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code opml vm run}: ELF programs in the machine, each step verified as often as wanted. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Runs RV64 ELF programs and prints one line for each.",
      "Exit code 0 only when all of them passed and every verifier agreed."
    })
final class VmRunCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "FILE.elf", description = "Programs.")
  private List<Path> files;

  @Option(
      names = "--riscv-tests",
      description =
          "Serves the public suites' environment: CSR instructions do nothing, mret jumps to mepc,"
              + " ecall with a7 = 93 exits; these are not counted as steps and not verified.")
  private boolean environment;

  @Option(
      names = "--max-steps",
      defaultValue = "1000000000",
      description = "Steps after which it is stopped (default: 10^9).")
  private long maxSteps;

  @Option(
      names = "--verify-every",
      converter = WholeNumber.FromZero.class,
      defaultValue = "0",
      description = "Has StepVerifier.java confirm every n-th step.")
  private int verifyEvery;

  @Option(
      names = "--evm-every",
      converter = WholeNumber.FromZero.class,
      defaultValue = "0",
      description = "Has the contract confirm every n-th step, on a development node of its own.")
  private int evmEvery;

  @Option(names = "--json", description = "Prints one JSON object a line.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (maxSteps < 1) {
      throw new IllegalArgumentException("--max-steps is " + maxSteps + ": give 1 or more");
    }
    if (evmEvery == 0) {
      return runAll(null);
    }
    try (Anvil anvil = Anvil.start(null, 0)) {
      return runAll(EvmStep.on(anvil)::verify);
    }
  }

  private int runAll(StepCheck contract) throws IOException {
    boolean passed = true;
    for (Path file : files) {
      Map<String, Object> line = line(file, contract);
      passed &= (Boolean) line.get("passed");
      spec.commandLine()
          .getOut()
          .println(json ? new ObjectMapper().writeValueAsString(line) : words(line));
      spec.commandLine().getOut().flush();
    }
    return passed ? 0 : 1;
  }

  private static String words(Map<String, Object> line) {
    String steps = line.get("steps") + " steps, " + line.get("verified") + " by StepVerifier";
    return line.get("file")
        + ": "
        + ((Boolean) line.get("passed") ? "passed" : "failed, " + line.get("problem"))
        + " ("
        + steps
        + ", "
        + line.get("evmVerified")
        + " by the contract)";
  }

  private Map<String, Object> line(Path file, StepCheck contract) {
    List<ElfRun.Auditor> auditors = new ArrayList<>();
    auditors.add(new ElfRun.Auditor("StepVerifier", StepVerifier::verify, verifyEvery));
    if (contract != null) {
      auditors.add(new ElfRun.Auditor("the contract", contract, evmEvery));
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("file", file.toString());
    try {
      byte[] elf = Files.readAllBytes(file);
      put(line, new ElfRun(elf, environment, auditors).run(maxSteps));
    } catch (IOException | IllegalArgumentException e) {
      line.put("status", "error");
      line.put("exitCode", -1L);
      line.put("steps", 0L);
      line.put("state", null);
      line.put("passed", false);
      line.put("verified", 0L);
      line.put("evmVerified", 0L);
      line.put("problem", Main.words(e));
    }
    return line;
  }

  private static void put(Map<String, Object> line, ElfRun.Result r) {
    line.put("status", r.status());
    line.put("exitCode", r.exitCode());
    line.put("steps", r.steps());
    line.put("state", "0x" + HexFormat.of().formatHex(r.state()));
    line.put("passed", r.passed());
    line.put("verified", r.verified().get(0));
    line.put("evmVerified", r.verified().size() > 1 ? r.verified().get(1) : 0L);
    if (!r.passed()) {
      line.put("problem", r.problem());
    }
  }
}
