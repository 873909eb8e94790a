package opml.chain;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** A chain whose endpoint forgets the first transactions it is given. */
class LosingChain implements Chain {
  private final Chain chain;
  private int lose;

  LosingChain(Chain chain, int lose) {
    this.chain = chain;
    this.lose = lose;
  }

  @Override
  public void submit(Signed signed) {
    if (lose-- <= 0) {
      chain.submit(signed);
    }
  }

  @Override
  public String url() {
    return chain.url();
  }

  @Override
  public long chainId() {
    return chain.chainId();
  }

  @Override
  public long head() {
    return chain.head();
  }

  @Override
  public Optional<Block> block(long number) {
    return chain.block(number);
  }

  @Override
  public String blockHash(long block) {
    return chain.blockHash(block);
  }

  @Override
  public long blockTime(long block) {
    return chain.blockTime(block);
  }

  @Override
  public byte[] call(String from, Call call) {
    return chain.call(from, call);
  }

  @Override
  public long estimate(String from, Call call) {
    return chain.estimate(from, call);
  }

  @Override
  public long nonce(String account, boolean pending) {
    return chain.nonce(account, pending);
  }

  @Override
  public BigInteger balance(String account) {
    return chain.balance(account);
  }

  @Override
  public byte[] code(String account) {
    return chain.code(account);
  }

  @Override
  public Fee fee() {
    return chain.fee();
  }

  @Override
  public Optional<Sent> receipt(String transaction) {
    return chain.receipt(transaction);
  }

  @Override
  public byte[] input(String transaction) {
    return chain.input(transaction);
  }

  @Override
  public List<Log> logs(long first, long last, List<String> contracts, List<byte[]> topics) {
    return chain.logs(first, last, contracts, topics);
  }

  @Override
  public List<Log> logs(String blockHash, List<String> contracts) {
    return chain.logs(blockHash, contracts);
  }

  @Override
  public void close() {
    chain.close();
  }
}
