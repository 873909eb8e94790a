package opml.cli;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import opml.catalog.ModelStore;
import opml.chain.Account;
import opml.chain.Call;
import opml.chain.Chain;
import opml.chain.DisputeContract;
import opml.chain.Hex;
import opml.chain.ReceiptsContract;
import opml.chain.Sender;
import opml.chain.Signed;
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
      Path folder = folder(chain);
      Deployed deployed = Deployed.read(ChainFolder.deployment(folder));
      ReceiptsContract receipts = new ReceiptsContract(chain, deployed.contracts().receipts());
      if (change != null) {
        send(chain, proposer, change.of(receipts), new FileJournal(folder.resolve("escrow.json")));
      }
      DisputeContract dispute = new DisputeContract(chain, deployed.contracts().dispute());
      tell(proposer.address(), receipts, dispute.terms().claimBond(), where.json);
    }
    return 0;
  }

  /** Once, also when a call before this one was killed and did not say what became of it. */
  private static void send(Chain chain, Account proposer, Call call, FileJournal journal) {
    String key = String.join(" ", proposer.address(), Hex.of(call.data()), call.value().toString());
    List<Signed> earlier = journal.versions(key);
    if (!earlier.isEmpty()) {
      System.err.println(
          "an earlier call, which was cut off, has signed just this, "
              + earlier.getLast().hash()
              + ": nothing more is sent. Call again to do it once more.");
    }
    if (!new Sender(chain, proposer, journal).send(key, call).succeeded()) {
      throw new IllegalStateException("the transaction was reverted: nothing has changed");
    }
  }

  private static Path folder(Chain chain) throws IOException {
    Path home = ModelStore.home();
    return Stream.of(ChainFolder.of(home, chain), ChainFolder.own(home))
        .filter(folder -> Files.exists(ChainFolder.deployment(folder)))
        .filter(folder -> Deployed.read(ChainFolder.deployment(folder)).isOn(chain))
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
