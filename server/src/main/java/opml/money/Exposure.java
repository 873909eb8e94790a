package opml.money;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import opml.chain.DisputeContract;
import opml.chain.ReceiptsContract;
import opml.chain.Salts;
import opml.chain.Terms;
import opml.http.Hex;
import opml.outbox.Parties;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Bounds what an account stakes: at most a share of its ether is bound at a time, and what is left
 * pays the gas of a whole game about each thing it must defend.
 */
@ApplicationScoped
public class Exposure {
  /** A whole game of both sides: contracts/snapshots/game-gas.json. */
  private static final long GAME_GAS = 1_500_000;

  /** Of each byte that a game's opening shows: call data that is not zero (EIP-7623). */
  private static final long BYTE_GAS = 40;

  /** The longest input and output together (protocol, section 6). */
  private static final long BYTES_MOST = 96 << 10;

  private static final String GAMES =
      "select claim_id, salt from game where status = 'RUNNING' and challenger = ?1";

  private static final BigInteger HUNDRED = BigInteger.valueOf(100);

  private final Parties parties;
  private final EntityManager database;
  private final BigInteger share;
  private final Map<String, Stake> unseen = new HashMap<>();
  private Terms terms; // fixed at deployment
  private Salts salts; // of the validator

  Exposure(
      Parties parties,
      EntityManager database,
      @ConfigProperty(name = "opml.bonds.share") int share) {
    if (share < 1 || share > 100) {
      throw new IllegalStateException("opml.bonds.share is " + share + ": use 1 to 100");
    }
    this.parties = parties;
    this.database = database;
    this.share = BigInteger.valueOf(share);
  }

  /** A bond whose claim or game the indexer may not have seen yet, and the gas that it takes. */
  private record Stake(String account, BigInteger bond, long gas) {}

  /**
   * Counts a bond as staked, if it fits.
   *
   * @param account who stakes
   * @param id of the claim to be made or the game to be opened, 32 bytes
   * @return false: not now; nothing is counted
   */
  public boolean stake(String account, byte[] id, BigInteger bond) {
    return stake(account, id, bond, 0);
  }

  /**
   * The same.
   *
   * @param bytes of input and output that a game's opening shows
   */
  public synchronized boolean stake(String account, byte[] id, BigInteger bond, long bytes) {
    unseen.remove(Hex.of(id));
    Counts counts = QuarkusTransaction.requiringNew().call(() -> counts(account));
    BigInteger free = parties.chain().balance(account);
    BigInteger bound =
        terms()
            .claimBond()
            .multiply(BigInteger.valueOf(counts.claims()))
            .add(terms().challengeBond().multiply(BigInteger.valueOf(counts.games())))
            .add(escrow(account));
    BigInteger coming = BigInteger.ZERO; // may have left the balance already: counted as both
    long gas = GAME_GAS + BYTE_GAS * Math.min(bytes, BYTES_MOST);
    Stake wanted = new Stake(account, bond, gas);
    gas += GAME_GAS * counts.duties();
    for (Stake stake : unseen.values()) {
      gas += stake.gas();
      coming = stake.account().equals(account) ? coming.add(stake.bond()) : coming;
    }
    BigInteger staked = bound.add(coming).add(bond);
    BigInteger most = bound.add(free).multiply(share).divide(HUNDRED);
    BigInteger reserve = parties.chain().fee().most().multiply(BigInteger.valueOf(gas));
    boolean fits =
        staked.compareTo(most) <= 0 && free.subtract(coming).subtract(bond).compareTo(reserve) >= 0;
    if (fits) {
      unseen.put(Hex.of(id), wanted);
    }
    return fits;
  }

  /** Nothing was staked after all. */
  public synchronized void release(byte[] id) {
    unseen.remove(Hex.of(id));
  }

  private record Counts(long claims, long games, long duties) {}

  private Counts counts(String account) {
    unseen.keySet().removeIf(this::isSeen);
    String who = account.toLowerCase(Locale.ROOT);
    // A claim that a stranger made in our name binds his ether, not ours; so does a game.
    String ours = "from claim where status = 'OPEN' and proposer = ?1 and (source = proposer or ";
    long claims = count(ours + "kind = 'ORACLE')", who);
    long defended = count(ours + "kind <> 'DIRECT')", who);
    long games = games(who);
    return new Counts(claims, games, defended + games);
  }

  /**
   * Games with the own salt: opened here, or on the command line by the same key. Anybody else may
   * open games in our name, with his own bond.
   */
  @SuppressWarnings("unchecked") // rows of two columns
  private long games(String account) {
    if (!account.equalsIgnoreCase(parties.validatorAddress())) {
      return 0;
    }
    if (salts == null) {
      salts = new Salts(parties.validator());
    }
    List<Object[]> running =
        database.createNativeQuery(GAMES, Object[].class).setParameter(1, account).getResultList();
    return running.stream()
        .filter(game -> Arrays.equals(salts.of((byte[]) game[0]), (byte[]) game[1]))
        .count();
  }

  private boolean isSeen(String id) {
    byte[] bytes = Hex.bytes(id);
    return count("from claim where id = ?1", bytes) + count("from game where id = ?1", bytes) > 0;
  }

  private long count(String from, Object argument) {
    return ((Number)
            database
                .createNativeQuery("select count(*) " + from, Long.class)
                .setParameter(1, argument)
                .getSingleResult())
        .longValue();
  }

  private BigInteger escrow(String account) {
    String at = parties.deployment().contracts().receipts();
    return new ReceiptsContract(parties.chain(), at).escrow(account).amount();
  }

  private Terms terms() {
    if (terms == null) {
      String at = parties.deployment().contracts().dispute();
      terms = new DisputeContract(parties.chain(), at).terms();
    }
    return terms;
  }
}
