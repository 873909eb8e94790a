package opml.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
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
import opml.chain.Model;
import opml.chain.ReceiptsContract;
import opml.chain.Terms;
import opml.dispute.Answered;
import opml.dispute.EngineProgram;
import opml.dispute.ReplayTrace;
import opml.game.Fairness;
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

    @Mixin private ServedChain served;

    @Option(
        names = "--model",
        paramLabel = "NAME|FILE.gguf",
        description = "The own copy of the model (default: the one here that has its id).")
    private String model;

    @Mixin private ThreadsOption threads;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = {
        "Answers the question again and compares; says who is bound, and with how much.",
        "Nothing that the server sends is believed, but that the endpoint it names is one of the"
            + " chain, unless --rpc-url names another: contracts are those of this build, the"
            + " receipt hashes to its id, and its model is the own copy.",
        "Exit code 0: the answer is the model's, 3: it is false."
      })
  int check(@Mixin Wanted wanted) throws IOException {
    return check(wanted, null);
  }

  @Command(
      name = "challenge",
      mixinStandardHelpOptions = true,
      description = {
        "Checks a receipt and, if it is false, challenges it on chain with a bond.",
        "The key is read from the file that OPML_KEYS_VALIDATOR_FILE names. The game that begins"
            + " is played by `opml start --roles validator,indexer` with the same key and model:"
            + " start it before the own clock ends.",
        "--rpc-url must be given. Nothing is staked where the bond is above --bond-max, the clock"
            + " too short, the deadline over, or a game of this validator about it is there.",
        "Exit code 0: the answer is the model's and nothing was sent, 3: it is challenged."
      })
  int challenge(
      @Mixin Wanted wanted,
      @Option(
              names = "--bond-max",
              converter = Ether.class,
              defaultValue = "0.032",
              paramLabel = "E",
              description = "The most ether that may be staked (default: ${DEFAULT-VALUE}).")
          BigInteger most)
      throws IOException {
    RunningServer.requireNone(ModelStore.home());
    wanted.served.requireOwnEndpoint();
    return check(wanted, most);
  }

  /** With {@code most} wei to stake, or null. */
  private static int check(Wanted wanted, BigInteger most) throws IOException {
    if (!wanted.id.matches("0x[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "RECEIPT must be 0x and 64 lower-case hexadecimal digits: GET /api/receipts lists them");
    }
    ServerClient client = wanted.served.client();
    JsonNode info = client.get("/api/chain");
    ShownReceipt shown = ShownReceipt.of(wanted.id, client.get("/api/receipts/" + wanted.id));
    try (Chain chain = wanted.served.connect(info)) {
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
      String verifier = dispute.verifier();
      try (ModelImage image = own(wanted.model, shown.receipt().modelId(), Hex.bytes(verifier));
          Engine engine = new Engine(image, wanted.threads.count())) {
        EngineProgram program = new EngineProgram(image, engine);
        facts.put("model", image.name());
        boolean right = replay(program, shown, facts);
        if (!right) {
          image.check(Out.progress()); // before anybody is called a liar
        }
        if (most != null && !right) {
          Account validator = Keys.ofEnvironment(chain.url()).account("validator", chain.chainId());
          ReceiptChallenge challenge = new ReceiptChallenge(chain, dispute, receipts, shown);
          Model onChain = program.model(verifier);
          facts.put("transaction", challenge.send(validator, signed, onChain, most));
        }
        print(facts, right, wanted.json);
        return right ? 0 : FALSE;
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
    Terms terms = dispute.terms();
    BigInteger there = escrow.amount().min(chain.balance(receipts.address()));
    BigInteger covers = there.divide(terms.claimBond());
    long deadline = shown.receipt().deadline();
    long now = chain.blockTime(chain.head());
    long leaves = now + receipts.exitDelay();
    warn(
        Long.compareUnsigned(deadline, now) <= 0,
        "The receipt's deadline is over: nobody can challenge it any more.");
    warn(
        Long.compareUnsigned(deadline, leaves) > 0
            || escrow.exitAt() > 0 && Long.compareUnsigned(deadline, escrow.exitAt()) > 0,
        "The proposer can take the escrow back before the receipt's deadline.");
    warn(
        covers.signum() == 0,
        "The escrow covers no disputed receipt: a false answer costs nothing.");
    warn(
        Integer.compareUnsigned(
                terms.challengerTime(), Fairness.challengerLeast(shown.receipt().h()))
            < 0,
        "Who challenges has no time to play: a false answer costs nothing.");
    warn(
        Integer.compareUnsigned(terms.proposerTime(), Fairness.PROPOSER_MOST) > 0,
        "The proposer may play for weeks: a false answer costs nothing before.");
    BigInteger gas = chain.fee().most().multiply(BigInteger.valueOf(Fairness.GAME_GAS));
    warn(
        terms.challengeBond().shiftLeft(1).compareTo(gas) < 0,
        "Who proves a lie may gain less than the gas of a game costs.");
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("receipt", id);
    facts.put("contract", receipts.address());
    facts.put("proposer", proposer);
    facts.put("escrow", Preflight.ether(escrow.amount()));
    facts.put("covers", covers);
    facts.put("deadline", Instant.ofEpochSecond(Math.clamp(deadline, 0, 1L << 40)).toString());
    facts.put("challengeBond", Preflight.ether(terms.challengeBond()));
    facts.put("challengerSeconds", Integer.toUnsignedLong(terms.challengerTime()));
    facts.put("proposerSeconds", Integer.toUnsignedLong(terms.proposerTime()));
    return facts;
  }

  private static void warn(boolean when, String words) {
    if (when) {
      System.err.println(words);
    }
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
    for (ModelInfo info : store.list(Out::damaged)) {
      try {
        ModelImage image = store.open(info.name(), Out.progress());
        if (Arrays.equals(image.modelId(verifier), id)) {
          return image;
        }
        image.close();
      } catch (IOException e) {
        Out.damaged(Main.words(e));
      }
    }
    throw new IllegalArgumentException(
        "no model here has the id "
            + Hex.of(id)
            + ": import its GGUF file by `opml model import`, or name it by --model");
  }

  /** Answers again; whether that is what the receipt says. */
  private static boolean replay(
      EngineProgram program, ShownReceipt shown, Map<String, Object> facts) {
    final long start = System.nanoTime();
    try (ReplayTrace trace = new ReplayTrace(program, shown.input())) {
      Answered own = trace.answer(shown.output());
      boolean right =
          own != null
              && Arrays.equals(own.output(), shown.output())
              && own.operators() <= 1L << 6 * shown.receipt().h();
      facts.put("right", right);
      facts.put("operators", own == null ? null : Long.toString(own.operators()));
      facts.put("text", own == null ? null : own.text());
      facts.put("seconds", Math.round((System.nanoTime() - start) * 1e-6) / 1e3);
      return right;
    }
  }

  private static void print(Map<String, Object> facts, boolean right, boolean json)
      throws IOException {
    if (json) {
      Out.json(facts);
      return;
    }
    facts.forEach(
        (name, value) -> System.out.printf("%-17s %s%n", name, Out.shown(String.valueOf(value))));
    System.out.println(
        right
            ? "The answer is the model's."
            : "The answer is false: the model's own stands under text.");
  }
}
