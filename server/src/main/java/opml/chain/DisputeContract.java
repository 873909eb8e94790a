package opml.chain;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import opml.game.Clock;
import opml.game.Move;
import opml.game.Position;

/** Claims and games: calls to send, views, events. */
public final class DisputeContract {
  /** Life of a claim. */
  public enum Status {
    NONE,
    OPEN,
    SURVIVED,
    DEFEATED
  }

  /** Why a game ended; the first two are won by the proposer. */
  public enum Ending {
    PROVED_RIGHT,
    CHALLENGER_TIMEOUT,
    PROVED_WRONG,
    PROPOSER_TIMEOUT,
    MALFORMED;

    public boolean proposerWon() {
      return compareTo(PROVED_WRONG) < 0;
    }
  }

  /**
   * Mutable part of a claim.
   *
   * @param endsAt seconds since the epoch; games can be opened before
   */
  public record ClaimState(
      Status status, String proposer, long endsAt, long openGames, long wonGames) {}

  private static final byte[] LOST = mark(1);
  private static final byte[] WON = mark(2);
  private static final byte[] SETTLED = mark(3);

  /** Bytes of a packed proof before its witness: claim, challenger, salt, rest of the position. */
  private static final int PROOF_HEADER = 84 + Position.BYTES - 32;

  private final Chain chain;
  private final String address;
  private final Abi abi = Contracts.abi("Dispute");

  public DisputeContract(Chain chain, String address) {
    this.chain = chain;
    this.address = address;
  }

  public String address() {
    return address;
  }

  public Call create(Claim claim, BigInteger bond) {
    return new Call(address, abi.call("create", claim.tuple()), bond);
  }

  public Call open(
      Claim claim,
      Model model,
      byte[] input,
      byte[] output,
      byte[] salt,
      String challenger,
      BigInteger bond) {
    byte[] data = abi.call("open", claim.tuple(), model.tuple(), input, output, salt, challenger);
    return new Call(address, data, bond);
  }

  public Call reveal(GameKey game, Position p, Move.Reveal move) {
    return call("reveal", game.tuple(), p.packed(), joined(move.states()));
  }

  /** One reveal for several games at the same index, width and first state. */
  public Call revealMany(List<GameKey> games, List<Position> positions, Move.Reveal move) {
    return call(
        "revealMany",
        games.stream().map(GameKey::tuple).toList(),
        positions.stream().map(Position::packed).toList(),
        joined(move.states()));
  }

  public Call pick(GameKey game, Position p, Move.Pick move) {
    return call(
        "pick",
        game.tuple(),
        p.packed(),
        move.segment(),
        move.lo(),
        move.hi(),
        joined(List.of(move.loBranch(), move.hiBranch())));
  }

  /** The last pick and the proof of its step in one transaction. */
  public Call pickAndProve(GameKey game, Position p, Move.Pick move, Move.Prove proof) {
    return call(
        "pickAndProve",
        game.tuple(),
        p.packed(),
        move.segment(),
        move.lo(),
        move.hi(),
        joined(List.of(move.loBranch(), move.hiBranch())),
        proof.witness());
  }

  public Call prove(GameKey game, Position p, Move.Prove move) {
    byte[] tail = Arrays.copyOfRange(p.packed(), 32, Position.BYTES);
    return call("prove", joined(List.of(game.packed(), tail, move.witness())));
  }

  /**
   * The witness in the call data of {@code prove} or {@code pickAndProve}; null of other calls. A
   * transaction may go to any contract that ends a game inside it, so its data may be anything.
   */
  public static byte[] witness(byte[] data) {
    Abi abi = Contracts.abi("Dispute");
    try {
      List<Object> proof = abi.arguments("prove", data);
      if (proof != null) {
        byte[] packed = (byte[]) proof.getFirst();
        return packed.length <= PROOF_HEADER
            ? null
            : Arrays.copyOfRange(packed, PROOF_HEADER, packed.length);
      }
      List<Object> both = abi.arguments("pickAndProve", data);
      return both == null ? null : (byte[]) both.getLast();
    } catch (RuntimeException e) {
      return null; // SAFETY: a stranger's bytes must not stop the indexer
    }
  }

  public Call timeout(GameKey game, Position p) {
    return call("timeout", game.tuple(), p.packed());
  }

  /** Credits the challenger of a game of a defeated claim; {@code p} is null for the winner's. */
  public Call settle(GameKey game, Position p) {
    return call("settle", game.tuple(), p == null ? new byte[0] : p.packed());
  }

  public Call collect(byte[] claimId) {
    return call("collect", (Object) claimId);
  }

  public Call release(byte[] claimId) {
    return call("release", (Object) claimId);
  }

  public Call withdraw() {
    return call("withdraw");
  }

  private Call call(String function, Object... arguments) {
    return new Call(address, abi.call(function, arguments));
  }

  private static byte[] joined(List<byte[]> parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    parts.forEach(out::writeBytes);
    return out.toByteArray();
  }

  /** Address of its step verifier. */
  public String verifier() {
    return (String) view("VERIFIER").getFirst();
  }

  /**
   * Refuses a contract, or a step verifier behind it, that this build did not compile: what others
   * emit proves nothing.
   */
  public void requireGenuine() {
    Map<String, BigInteger> parameters =
        Contracts.artifact("Dispute").parameters(chain.code(address));
    require(parameters != null && Terms.areConstructed(parameters), "Dispute", address);
    String verifier = verifier();
    require(isAddress(parameters.get("VERIFIER"), verifier), "Dispute", address);
    require(
        Contracts.artifact("StepVerifier").parameters(chain.code(verifier)) != null,
        "StepVerifier",
        verifier);
  }

  static boolean isAddress(BigInteger word, String address) {
    return word.equals(new BigInteger(1, Hex.bytes(address)));
  }

  static void require(boolean genuine, String name, String at) {
    if (!genuine) {
      throw new IllegalStateException(
          "at " + at + " is not the " + name + " contract of this build");
    }
  }

  /** The parameters that the contract was deployed with. */
  public Terms terms() {
    return new Terms(
        (BigInteger) view("CHALLENGE_BOND").getFirst(),
        (Long) view("WINDOW").getFirst(),
        ((Long) view("PROPOSER_TIME").getFirst()).intValue(),
        ((Long) view("CHALLENGER_TIME").getFirst()).intValue());
  }

  public ClaimState claim(byte[] claimId) {
    List<Object> state = view("claimOf", (Object) claimId);
    return new ClaimState(
        Status.values()[((Long) state.get(0)).intValue()],
        (String) state.get(1),
        (Long) state.get(2),
        (Long) state.get(3),
        (Long) state.get(4));
  }

  /** The slot of a game: hash of its position, or the mark of its end. */
  public byte[] slot(byte[] gameId) {
    return (byte[]) view("gameOf", (Object) gameId).getFirst();
  }

  /** Whether {@code p} is the present position of its game. */
  public boolean isPresent(Position p) {
    return Arrays.equals(slot(p.gameId()), p.hash());
  }

  /** Whether the challenger of the game was credited. */
  public boolean isSettled(byte[] gameId) {
    return Arrays.equals(slot(gameId), SETTLED);
  }

  public boolean isWonByChallenger(byte[] gameId) {
    return Arrays.equals(slot(gameId), WON);
  }

  public boolean isOver(byte[] gameId) {
    byte[] slot = slot(gameId);
    return Arrays.equals(slot, LOST) || Arrays.equals(slot, WON) || Arrays.equals(slot, SETTLED);
  }

  public Clock clock(Position p) {
    return Clock.values()[((Long) view("clockOf", (Object) p.packed()).getFirst()).intValue()];
  }

  /** Wei that {@code account} can withdraw. */
  public BigInteger owed(String account) {
    return (BigInteger) view("owed", account).getFirst();
  }

  private List<Object> view(String function, Object... arguments) {
    return abi.result(function, chain.call(null, call(function, arguments)));
  }

  /** The event of a log, or null of another contract or form. */
  public ChainEvent event(Log log) {
    return log.address().equalsIgnoreCase(address) ? abi.event(log) : null;
  }

  /** Events of blocks first..last: of one claim, or of all when {@code claimId} is null. */
  public List<ChainEvent> events(long first, long last, byte[] claimId) {
    List<byte[]> topics = claimId == null ? List.of() : Arrays.asList(null, claimId);
    return chain.logs(first, last, List.of(address), topics).stream()
        .map(abi::event)
        .filter(java.util.Objects::nonNull)
        .toList();
  }

  /** The events of this contract among the logs of a transaction. */
  public List<ChainEvent> events(Sent sent) {
    return sent.logs().stream()
        .filter(log -> log.address().equalsIgnoreCase(address))
        .map(abi::event)
        .filter(java.util.Objects::nonNull)
        .toList();
  }

  /** The claim of a ClaimCreated event. */
  public static Claim created(ChainEvent event) {
    return Claim.of((List<?>) event.fields().get("claim"));
  }

  private static byte[] mark(int value) {
    byte[] slot = new byte[32];
    slot[31] = (byte) value;
    return slot;
  }
}
