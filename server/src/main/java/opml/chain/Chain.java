package opml.chain;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One EVM chain. Every call throws {@link ChainDown} where no endpoint gives an answer. */
public interface Chain extends AutoCloseable {
  /** Seconds to wait for an answer. */
  Duration TIMEOUT = Duration.ofSeconds(10);

  /** Blocks whose logs are asked for at once; endpoints that take fewer are asked for less. */
  int LOG_RANGE = 2000;

  /** Connects to a JSON-RPC endpoint; the first call tells whether it answers. */
  static Chain connect(String url) {
    return connect(List.of(url), TIMEOUT, LOG_RANGE);
  }

  /**
   * Connects to several endpoints of one chain: where one is silent or answers nonsense the next is
   * asked, and transactions go to all.
   *
   * @param urls one or more, the most trusted first
   * @param timeout for one answer
   * @param logRange blocks whose logs are asked for at once, 1 or more
   */
  static Chain connect(List<String> urls, Duration timeout, int logRange) {
    List<JsonRpcChain> chains =
        urls.stream().map(url -> new JsonRpcChain(url, timeout, logRange)).toList();
    return chains.size() == 1 ? chains.getFirst() : new Endpoints(chains);
  }

  String url();

  /** The single endpoints behind this, those that answer first; itself when there is one. */
  default List<Chain> endpoints() {
    return List.of(this);
  }

  long chainId();

  /** Number of the newest block. */
  long head();

  /** A block's header, or nothing when the chain has no block of that number. */
  Optional<Block> block(long number);

  /** Hash of a block, 0x hex. */
  String blockHash(long block);

  /** Seconds since the epoch of a block. */
  long blockTime(long block);

  /** Returned bytes of a call at the newest block; throws {@link Reverted}. */
  byte[] call(String from, Call call);

  /** Gas that a transaction needs; throws {@link Reverted}. */
  long estimate(String from, Call call);

  /** The next nonce of an account, pending transactions counted or not. */
  long nonce(String account, boolean pending);

  BigInteger balance(String account);

  byte[] code(String account);

  /** A fee that the next blocks will accept even if the base fee doubles. */
  Fee fee();

  /** Hands over a signed transaction; one that the node knows already is no error. */
  void submit(Signed signed);

  Optional<Sent> receipt(String transaction);

  /** Call data of a mined transaction. */
  byte[] input(String transaction);

  /**
   * Logs of blocks first..last of some contracts; null in {@code topics} matches anything. Long
   * ranges are asked for piece by piece.
   */
  List<Log> logs(long first, long last, List<String> contracts, List<byte[]> topics);

  /**
   * Logs of just that block, whatever the endpoint takes for the chain now.
   *
   * @throws ChainDown when the endpoint does not know the block
   */
  List<Log> logs(String blockHash, List<String> contracts);

  @Override
  void close();
}
