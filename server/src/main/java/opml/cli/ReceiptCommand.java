package opml.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import opml.catalog.ModelImage;
import opml.catalog.ModelInfo;
import opml.catalog.ModelStore;
import opml.chain.Account;
import opml.chain.Chain;
import opml.chain.DisputeContract;
import opml.chain.Hex;
import opml.chain.MemoryJournal;
import opml.chain.Model;
import opml.chain.ReceiptsContract;
import opml.chain.Sender;
import opml.dispute.Answered;
import opml.dispute.EngineProgram;
import opml.dispute.ReplayTrace;
import opml.inference.Engine;
import opml.launch.Preflight;
import opml.launch.RunningServer;
import opml.outbox.Keys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Receipts of any server, checked with an own copy of the model (protocol, section 15). */
@Command(
    name = "receipt",
    mixinStandardHelpOptions = true,
    description = "Checks the receipts of any server with an own copy of the model.")
final class ReceiptCommand extends Group {
  private static final int FALSE = 3;

  /** Which receipt, of whom, and what to check it with. */
  static final class Wanted {
    @Parameters(paramLabel = "RECEIPT", description = "Its id: 0x and 64 digits.")
    private String id;

    @Mixin private ServerOption server;

    @Option(
        names = "--rpc-url",
        paramLabel = "URL",
        description =
            "JSON-RPC address of the chain, which is believed (default: the one that the server"
                + " names).")
    private String rpcUrl;

    @Option(
        names = "--model",
        paramLabel = "NAME|FILE.gguf",
        description = "The own copy of the model (default: the one here that has its id).")
    private String model;

    @Mixin private ThreadsOption threads;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;
  }

  /** What a check came to. */
  private record Checked(
      String rpcUrl, ShownReceipt shown, boolean signed, Model model, Map<String, Object> facts) {
    boolean isRight() {
      return (Boolean) facts.get("right");
    }
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = {
        "Answers the question again and compares; says who is bound, and with how much.",
        "Nothing that the server sends is believed: contracts are those of this build, the receipt"
            + " hashes to its id, and its model is the own copy.",
        "Exit code 0: the answer is the model's, 3: it is false."
      })
  int check(@Mixin Wanted wanted) throws IOException {
    Checked checked = checked(wanted);
    print(checked.facts, wanted.json);
    return checked.isRight() ? 0 : FALSE;
  }

  @Command(
      name = "challenge",
      mixinStandardHelpOptions = true,
      description = {
        "Checks a receipt and, if it is false, challenges it on chain with a bond.",
        "The key is read from the file that OPML_KEYS_VALIDATOR_FILE names. The game that begins"
            + " is played by `opml start --roles validator,indexer` with the same key and model:"
            + " start it before the own clock ends.",
        "Exit code 0: the answer is the model's and nothing was sent, 3: it is challenged."
      })
  int challenge(@Mixin Wanted wanted) throws IOException {
    if (RunningServer.find(ModelStore.home()).isPresent()) {
      throw new IllegalArgumentException(
          "a server runs here and may send transactions of the same account: stop it first");
    }
    Checked checked = checked(wanted);
    if (!checked.isRight()) {
      try (Chain chain = Preflight.chain(checked.rpcUrl)) {
        checked.facts.put("transaction", open(chain, checked));
      }
    }
    print(checked.facts, wanted.json);
    return checked.isRight() ? 0 : FALSE;
  }

  private static String open(Chain chain, Checked checked) {
    ReceiptsContract receipts = new ReceiptsContract(chain, (String) checked.facts.get("contract"));
    BigInteger bond = new DisputeContract(chain, receipts.dispute()).terms().challengeBond();
    Account validator = Keys.ofEnvironment(checked.rpcUrl).account("validator", chain.chainId());
    byte[] salt = new byte[32];
    new SecureRandom().nextBytes(salt); // SAFETY: a foreseen game could be opened before, and lost
    return new Sender(chain, validator, new MemoryJournal())
        .send(
            "challenge",
            checked.shown.challenge(receipts, checked.signed, checked.model, salt, bond))
        .transaction();
  }

  private static Checked checked(Wanted wanted) throws IOException {
    if (!wanted.id.matches("0x[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "RECEIPT must be 0x and 64 lower-case hexadecimal digits: GET /api/receipts lists them");
    }
    ServerClient client = wanted.server.client();
    if (client == null) {
      throw new IllegalArgumentException(
          "no server runs here: run `opml start`, or name one by --server URL");
    }
    JsonNode info = client.get("/api/chain");
    String url = wanted.rpcUrl == null ? info.path("rpcUrl").asText("") : wanted.rpcUrl;
    if (url.isEmpty() || url.equals("null")) {
      throw new IllegalArgumentException("the server names no chain endpoint: give --rpc-url");
    }
    ShownReceipt shown = ShownReceipt.of(wanted.id, client.get("/api/receipts/" + wanted.id));
    try (Chain chain = Preflight.chain(url)) {
      JsonNode contracts = info.path("contracts");
      DisputeContract dispute = new DisputeContract(chain, contracts.path("dispute").asText());
      ReceiptsContract receipts = new ReceiptsContract(chain, contracts.path("receipts").asText());
      receipts.requireGenuine(dispute);
      boolean signed = shown.isSigned(chain.chainId(), receipts.address());
      boolean anchored = shown.isAnchored(receipts);
      if (!signed && !anchored) {
        throw new IllegalStateException(
            "nobody is bound: the signature is not the proposer's, and no anchored batch holds the"
                + " receipt");
      }
      Map<String, Object> facts = bound(chain, dispute, receipts, shown, wanted.id);
      facts.put("signed", signed);
      facts.put("anchored", anchored);
      byte[] verifier = Hex.bytes(dispute.verifier());
      try (ModelImage image = own(wanted.model, shown.receipt().modelId(), verifier)) {
        replay(image, shown, wanted.threads.count(), facts);
        Model model =
            new Model(
                dispute.verifier(), image.sizes().bytes(), image.codeRoot(), image.weightsRoot());
        return new Checked(url, shown, signed, model, facts);
      }
    }
  }

  private static Map<String, Object> bound(
      Chain chain,
      DisputeContract dispute,
      ReceiptsContract receipts,
      ShownReceipt shown,
      String id) {
    String proposer = shown.receipt().proposer();
    ReceiptsContract.Escrow escrow = receipts.escrow(proposer);
    BigInteger covers = escrow.amount().divide(dispute.terms().claimBond());
    long deadline = shown.receipt().deadline();
    long leaves = chain.blockTime(chain.head()) + receipts.exitDelay();
    if (covers.signum() == 0) {
      System.err.println("The escrow covers no disputed receipt: a false answer costs nothing.");
    }
    if (Long.compareUnsigned(deadline, leaves) > 0
        || escrow.exitAt() > 0 && Long.compareUnsigned(deadline, escrow.exitAt()) > 0) {
      System.err.println("The proposer can take the escrow back before the receipt's deadline.");
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("receipt", id);
    facts.put("contract", receipts.address());
    facts.put("proposer", proposer);
    facts.put("escrow", Preflight.ether(escrow.amount()));
    facts.put("covers", covers);
    facts.put("deadline", Instant.ofEpochSecond(Math.clamp(deadline, 0, 1L << 40)).toString());
    return facts;
  }

  /** The own copy of the model that the receipt names. */
  private static ModelImage own(String named, byte[] id, byte[] verifier) throws IOException {
    ModelStore store = ModelStore.standard();
    if (named != null) {
      ModelImage image = ModelOption.open(store, named);
      if (!Arrays.equals(image.modelId(verifier), id)) {
        image.close();
        throw new IllegalArgumentException(
            "--model " + named + " is not the model of the receipt, " + Hex.of(id));
      }
      return image;
    }
    for (ModelInfo info : store.list()) {
      ModelImage image = store.open(info.name(), Out.progress());
      if (Arrays.equals(image.modelId(verifier), id)) {
        return image;
      }
      image.close();
    }
    throw new IllegalArgumentException(
        "no model here has the id "
            + Hex.of(id)
            + ": import its GGUF file by `opml model import`, or name it by --model");
  }

  private static void replay(
      ModelImage image, ShownReceipt shown, int threads, Map<String, Object> facts)
      throws IOException {
    final long start = System.nanoTime();
    try (Engine engine = new Engine(image, threads);
        ReplayTrace trace = new ReplayTrace(new EngineProgram(image, engine), shown.input())) {
      Answered own = trace.answer(shown.output());
      boolean right =
          own != null
              && Arrays.equals(own.output(), shown.output())
              && own.operators() <= 1L << 6 * shown.receipt().h();
      facts.put("model", image.name());
      facts.put("right", right);
      facts.put("operators", own == null ? null : Long.toString(own.operators()));
      facts.put("text", own == null ? null : own.text());
      facts.put("seconds", Math.round((System.nanoTime() - start) * 1e-6) * 1e-3);
    }
  }

  private static void print(Map<String, Object> facts, boolean json) throws IOException {
    if (json) {
      Out.json(facts);
      return;
    }
    facts.forEach(
        (name, value) -> System.out.printf("%-12s %s%n", name, Ask.shown(String.valueOf(value))));
    System.out.println(
        (Boolean) facts.get("right")
            ? "The answer is the model's."
            : "The answer is false: the model's own stands under text.");
  }
}
