package opml.cli;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import opml.catalog.ModelStore;
import opml.chain.Chain;
import opml.chain.Contracts;
import opml.chain.Deployment;
import opml.chain.Terms;
import opml.game.Fairness;
import opml.launch.ChainFolder;
import opml.launch.Deployer;
import opml.launch.Preflight;
import opml.outbox.Deployed;
import opml.outbox.Keys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Contracts on chains that {@code start} did not make itself. */
@Command(
    name = "contracts",
    mixinStandardHelpOptions = true,
    description = "Puts the contracts on a chain.")
final class ContractsCommand extends Group {
  /** The largest h of a claim. */
  private static final int H_MOST = 4;

  @Command(
      name = "deploy",
      mixinStandardHelpOptions = true,
      description = {
        "Deploys the contracts and remembers them for `opml start --rpc-url URL`.",
        "The deployer's key is read from the file that OPML_KEYS_DEPLOYER_FILE names; a local"
            + " development chain needs none."
      })
  int deploy(
      @Option(
              names = "--rpc-url",
              required = true,
              defaultValue = "${env:OPML_RPC_URL}",
              description = "JSON-RPC address of the chain (or OPML_RPC_URL).")
          String rpcUrl,
      @Option(
              names = "--window",
              converter = WholeNumber.FromOne.class,
              defaultValue = "86400",
              paramLabel = "SECONDS",
              description = "How long a claim can be challenged (default: ${DEFAULT-VALUE}).")
          int window,
      @Option(
              names = "--clock",
              converter = WholeNumber.FromOne.class,
              defaultValue = "21600",
              paramLabel = "SECONDS",
              description = "Each side's clock in a game (default: ${DEFAULT-VALUE}).")
          int clock,
      @Option(
              names = "--challenge-bond",
              defaultValue = "32000000000000000",
              paramLabel = "WEI",
              description =
                  "A multiple of 320; a claim's bond is four of it (default: 0.032 ether).")
          BigInteger bond,
      @Option(names = "--dry-run", description = "Prints the cost and deploys nothing.")
          boolean dryRun,
      @Option(names = "--json", description = "Prints JSON.") boolean json)
      throws IOException {
    if (!Terms.isBond(bond)) {
      throw new IllegalArgumentException(
          "--challenge-bond is " + bond + ": give a multiple of 320 above 0");
    }
    int least = Fairness.challengerLeast(H_MOST);
    if (clock < least || clock > Fairness.PROPOSER_MOST) {
      throw new IllegalArgumentException(
          "--clock is "
              + clock
              + ": give "
              + least
              + " to "
              + Fairness.PROPOSER_MOST
              + ", for readers of receipts are warned of others");
    }
    try (Chain chain = Preflight.chain(rpcUrl)) {
      Path file = ChainFolder.deployment(ChainFolder.of(ModelStore.home(), chain));
      Map<String, Object> out = new LinkedHashMap<>();
      out.put("chainId", chain.chainId());
      if (dryRun) {
        BigInteger gas = Deployment.mostGas();
        out.put("gasAtMost", gas);
        out.put("costAtMost", Preflight.ether(gas.multiply(chain.fee().most())));
      } else {
        Deployed made =
            new Deployer(chain, Keys.ofEnvironment(rpcUrl), line -> System.err.println(line))
                .deploy(file, new Terms(bond, window, clock, clock));
        Contracts contracts = made.contracts();
        out.put("file", file.toString());
        out.put("verifier", contracts.verifier());
        out.put("registry", contracts.registry());
        out.put("dispute", contracts.dispute());
        out.put("oracle", contracts.oracle());
        out.put("receipts", contracts.receipts());
      }
      if (json) {
        Out.json(out);
      } else {
        out.forEach((name, value) -> System.out.printf("%-11s %s%n", name, value));
      }
    }
    return 0;
  }
}
