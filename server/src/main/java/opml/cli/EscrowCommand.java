package opml.cli;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import opml.catalog.ModelStore;
import opml.chain.Account;
import opml.chain.Call;
import opml.chain.Chain;
import opml.chain.DisputeContract;
import opml.chain.MemoryJournal;
import opml.chain.ReceiptsContract;
import opml.chain.Sender;
import opml.launch.ChainFolder;
import opml.launch.Preflight;
import opml.launch.RunningServer;
import opml.outbox.Deployed;
import opml.outbox.Keys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The ether behind a proposer's receipts, and his way out (protocol, section 15). */
@Command(
    name = "escrow",
    mixinStandardHelpOptions = true,
    description = {
      "Shows, fills and takes back the ether behind the proposer's receipts.",
      "The proposer's key is read from the file that OPML_KEYS_PROPOSER_FILE names."
    })
final class EscrowCommand extends Group {
  /** Which chain, and how the result is told. */
  static final class Where {
    @Option(
        names = "--rpc-url",
        required = true,
        defaultValue = "${env:OPML_RPC_URL}",
        paramLabel = "URL",
        description = "JSON-RPC address of the chain (or OPML_RPC_URL).")
    private String rpcUrl;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;
  }

  /** What is sent before the escrow is shown. */
  @FunctionalInterface
  private interface Change {
    Call of(ReceiptsContract receipts);
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "How much there is, and how many disputed receipts it covers at a time.")
  int show(@Mixin Where where) throws IOException {
    return change(where, null);
  }

  @Command(
      name = "deposit",
      mixinStandardHelpOptions = true,
      description = "Adds ether; an exit that was asked for is over with it.")
  int deposit(
      @Option(
              names = "--ether",
              required = true,
              converter = Ether.class,
              paramLabel = "E",
              description = "How much, for example 1.28.")
          BigInteger wei,
      @Mixin Where where)
      throws IOException {
    return change(where, receipts -> receipts.deposit(wei));
  }

  @Command(
      name = "request-exit",
      mixinStandardHelpOptions = true,
      description = {
        "Begins the time after which the escrow can be taken back.",
        "From now on no reader accepts receipts that may be challenged beyond it: stop the server"
            + " first, or deposit again to stay."
      })
  int requestExit(@Mixin Where where) throws IOException {
    return change(where, ReceiptsContract::requestExit);
  }

  @Command(
      name = "exit",
      mixinStandardHelpOptions = true,
      description = "Takes the escrow back, once the time after the request is over.")
  int exit(@Mixin Where where) throws IOException {
    return change(where, ReceiptsContract::exit);
  }

  private static int change(Where where, Change change) throws IOException {
    if (change != null) {
      RunningServer.requireNone(ModelStore.home());
    }
    try (Chain chain = Preflight.chain(where.rpcUrl)) {
      Account proposer = Keys.ofEnvironment(where.rpcUrl).account("proposer", chain.chainId());
      Deployed deployed = deployed(chain);
      ReceiptsContract receipts = new ReceiptsContract(chain, deployed.contracts().receipts());
      if (change != null) {
        Call call = change.of(receipts);
        if (!new Sender(chain, proposer, new MemoryJournal()).send("escrow", call).succeeded()) {
          throw new IllegalStateException("the transaction was reverted: nothing has changed");
        }
      }
      DisputeContract dispute = new DisputeContract(chain, deployed.contracts().dispute());
      tell(proposer.address(), receipts, dispute.terms().claimBond(), where.json);
    }
    return 0;
  }

  private static Deployed deployed(Chain chain) throws IOException {
    Path home = ModelStore.home();
    return Stream.of(ChainFolder.of(home, chain), ChainFolder.own(home))
        .map(ChainFolder::deployment)
        .filter(Files::exists)
        .map(Deployed::read)
        .filter(known -> known.isOn(chain))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no contracts of chain "
                        + chain.chainId()
                        + " are known in "
                        + home
                        + ": run this where `opml contracts deploy` ran, or bring its"
                        + " deployment.json"));
  }

  private static void tell(
      String proposer, ReceiptsContract receipts, BigInteger bond, boolean json)
      throws IOException {
    ReceiptsContract.Escrow escrow = receipts.escrow(proposer);
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("proposer", proposer);
    out.put("escrow", Preflight.ether(escrow.amount()));
    out.put("covers", escrow.amount().divide(bond));
    out.put("exitAt", escrow.exitAt() == 0 ? null : Instant.ofEpochSecond(escrow.exitAt()));
    if (json) {
      out.replace("escrow", escrow.amount().toString());
      out.computeIfPresent("exitAt", (name, at) -> at.toString());
      Out.json(out);
    } else {
      out.replace("covers", out.get("covers") + " disputed receipts at a time");
      out.putIfAbsent("exitAt", "no exit was asked for");
      out.forEach((name, value) -> System.out.printf("%-9s %s%n", name, value));
    }
  }
}
