package opml.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import opml.chain.Chain;
import opml.chain.ChainEvent;
import opml.chain.Claim;
import opml.chain.DisputeContract;
import opml.chain.Hex;
import opml.chain.Model;
import opml.commitment.Keccak;
import opml.dispute.Narrowing;
import opml.dispute.OperatorCheck;
import opml.machine.BytePages;
import opml.machine.FetchedPages;
import opml.machine.Machine;
import opml.machine.RegionSizes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code opml vm replay}: who is right in a game, without a copy of the model. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Checks the operator that a game is about, without a copy of the model.",
      "Fetches from a server the pages that the operator touches, each range with its proof, runs it"
          + " in the virtual machine and compares with what both sides said on the chain.",
      "Nothing that the server sends is believed: the contracts are those of this build, states hash"
          + " to those on the chain, pages to their roots. The state where the operator begins is"
          + " taken over as both sides agree on it.",
      "Exit code 0: the proposer is right, 3: the challenger is right."
    })
final class VmReplayCommand implements Callable<Integer> {
  private static final int CHALLENGER_RIGHT = 3;
  private static final int YIELD_BYTES = 167;
  private static final int ROOTS = 7;
  private static final long STATE_BYTES = 1 << 16;
  private static final long CODE_BYTES = 1 << 26;
  private static final long RANGE_BYTES = 1 << 20; // at most 64 pages and their proof

  @Parameters(paramLabel = "GAME", description = "Id of the game: 0x and 64 digits.")
  private String game;

  @Mixin private ServedChain served;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (!game.matches("0x[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "GAME must be 0x and 64 lower-case hexadecimal digits: GET /api/games lists them");
    }
    ServerClient client = served.client();
    JsonNode chainInfo = client.get("/api/chain");
    try (Chain chain = served.connect(chainInfo)) {
      return check(client, chain, chainInfo.path("contracts"));
    }
  }

  private int check(ServerClient client, Chain chain, JsonNode contracts) throws IOException {
    final long start = System.nanoTime();
    String claimId = client.get("/api/games/" + game).path("claimId").asText();
    JsonNode shown = client.get("/api/claims/" + claimId);
    DisputeContract dispute = new DisputeContract(chain, contracts.path("dispute").asText());
    dispute.requireGenuine();
    List<ChainEvent> events =
        dispute.events(shown.path("block").asLong(), chain.head(), Hex.bytes(claimId));
    Narrowing narrowing = Narrowing.of(Hex.bytes(game), events);
    Claim claim =
        events.stream()
            .filter(event -> event.name().equals("ClaimCreated"))
            .map(DisputeContract::created)
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("the chain does not tell of the claim"));
    same(Hex.bytes(claimId), claim.id(), "the claim of the game");

    long operator = narrowing.operator().loIndex() >>> Narrowing.WIDTH;
    String at = "/api/games/" + game + "/operators/" + operator;
    byte[] pre = bytes(Out.JSON.readTree(client.bytes(at, STATE_BYTES)).path("preimage"));
    same(narrowing.operator().lo(), Keccak.hash(pre), "the state where the operator begins");
    if (pre.length != YIELD_BYTES) {
      throw new IllegalStateException("the program had ended before operator " + operator);
    }
    RegionSizes sizes = RegionSizes.of(pre, 1);
    Model model = new Model(dispute.verifier(), sizes.bytes(), root(pre, 0), root(pre, 2));
    same(claim.modelId(), model.id(), "the model of the claim");

    String name = "/api/models/" + Hex.of(model.id());
    byte[] code = client.bytes(name + "/code", CODE_BYTES);
    BytePages codePages = new BytePages(code, sizes.code());
    same(root(pre, 0), codePages.root(), "the program");
    byte[] input = bytes(shown.path("input"));
    BytePages inputPages = new BytePages(input, sizes.input());
    same(root(pre, 1), inputPages.root(), "the request");
    FetchedPages weights =
        pages(client, "WEIGHTS", root(pre, 2), sizes.weights(), name + "/weights/pages");
    FetchedPages state = pages(client, "STATE", root(pre, 3), sizes.state(), at + "/state");
    FetchedPages output = pages(client, "OUTPUT", root(pre, 4), sizes.output(), at + "/output");
    OperatorCheck found =
        OperatorCheck.of(
            narrowing, new Machine(sizes, codePages, inputPages, weights, state, output));

    Map<String, Object> out = new LinkedHashMap<>();
    out.put("game", game);
    out.put("claim", claimId);
    out.put("right", found.challengerRight() ? "challenger" : "proposer");
    out.put("operator", operator);
    out.put("disputedFrom", Long.toString(narrowing.last().loIndex()));
    out.put("disputedSteps", 1L << narrowing.last().width());
    out.put("startRight", found.startRight());
    out.put("endRight", found.endRight());
    out.put("rounds", found.rounds());
    out.put("instructions", found.steps());
    out.put("fetched", fetched(code.length + input.length + pre.length, weights, state, output));
    out.put("weightsBytes", Long.parseLong(client.get(name).path("weightsBytes").asText()));
    out.put("seconds", Math.round((System.nanoTime() - start) / 1e7) / 100.0);
    if (json) {
      Out.json(out);
    } else {
      out.forEach((field, value) -> System.out.println(field + ": " + value));
    }
    return found.challengerRight() ? CHALLENGER_RIGHT : 0;
  }

  private static Map<String, Object> fetched(
      long whole, FetchedPages weights, FetchedPages state, FetchedPages output) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("bytes", whole + weights.bytes() + state.bytes() + output.bytes());
    out.put("weights", weights.bytes());
    out.put("state", state.bytes());
    out.put("output", output.bytes());
    out.put("codeAndRequest", whole);
    out.put("ranges", weights.requests() + state.requests() + output.requests());
    return out;
  }

  private static FetchedPages pages(
      ServerClient client, String name, byte[] root, int size, String path) {
    return new FetchedPages(
        name,
        root,
        size,
        (first, count) -> {
          try {
            return client.bytes(path + "?page=" + first + "&count=" + count, RANGE_BYTES);
          } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
          }
        });
  }

  /** A root in the preimage of a YIELD state, in commitment order. */
  private static byte[] root(byte[] preimage, int position) {
    int from = ROOTS + 32 * position;
    return Arrays.copyOfRange(preimage, from, from + 32);
  }

  private static byte[] bytes(JsonNode text) {
    try {
      return Hex.bytes(text.asText());
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException("the server tells bytes that are no hexadecimal digits", e);
    }
  }

  private static void same(byte[] wanted, byte[] found, String what) {
    if (!Arrays.equals(wanted, found)) {
      throw new IllegalStateException(
          what
              + " as the server tells it is false: it has "
              + Hex.of(found)
              + ", not "
              + Hex.of(wanted));
    }
  }
}
