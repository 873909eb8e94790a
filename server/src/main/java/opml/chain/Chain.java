package opml.chain;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** One EVM chain through one endpoint. */
public interface Chain extends AutoCloseable {
  /** Connects to a JSON-RPC endpoint; the first call tells whether it answers. */
  static Chain connect(String url) {
    return new JsonRpcChain(url);
  }

  String url();

  long chainId();

  /** Number of the newest block. */
  long head();

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

  /** Logs of blocks first..last of some contracts; null in {@code topics} matches anything. */
  List<Log> logs(long first, long last, List<String> contracts, List<byte[]> topics);

  @Override
  void close();
}
