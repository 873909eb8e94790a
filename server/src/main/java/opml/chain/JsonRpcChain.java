package opml.chain;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.DefaultBlockParameter;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.core.methods.request.EthFilter;
import org.web3j.protocol.core.methods.request.Transaction;
import org.web3j.protocol.core.methods.response.EthBlock;
import org.web3j.protocol.core.methods.response.EthGetBalance;
import org.web3j.protocol.core.methods.response.EthLog;
import org.web3j.protocol.core.methods.response.TransactionReceipt;

/** {@link Chain} by web3j over HTTP. */
final class JsonRpcChain implements Chain {
  private static final BigInteger PRIORITY = BigInteger.valueOf(1_000_000_000);

  private final String url;
  private final int logRange;
  private final Rpc rpc;
  private final Web3j web3;
  private long chainId = -1;

  JsonRpcChain(String url) {
    this(url, TIMEOUT, LOG_RANGE);
  }

  JsonRpcChain(String url, Duration timeout, int logRange) {
    if (logRange < 1) {
      throw new IllegalArgumentException("a log query covers at least 1 block, not " + logRange);
    }
    this.url = url;
    this.logRange = logRange;
    rpc = new Rpc(url, timeout);
    web3 = rpc.methods();
  }

  @Override
  public String url() {
    return url;
  }

  @Override
  public synchronized long chainId() {
    if (chainId < 0) {
      chainId = rpc.ask(web3.ethChainId(), r -> r.getChainId().longValueExact());
    }
    return chainId;
  }

  @Override
  public long head() {
    return rpc.ask(web3.ethBlockNumber(), r -> r.getBlockNumber().longValueExact());
  }

  @Override
  public String blockHash(long block) {
    return header(block).getHash();
  }

  @Override
  public long blockTime(long block) {
    return header(block).getTimestamp().longValueExact();
  }

  @Override
  public Optional<Block> block(long number) {
    return rpc.ask(
        web3.ethGetBlockByNumber(at(number), false),
        answer ->
            Optional.ofNullable(answer.getBlock())
                .map(
                    b ->
                        new Block(
                            b.getNumber().longValueExact(),
                            b.getHash(),
                            b.getParentHash(),
                            b.getTimestamp().longValueExact()))
                .filter(b -> b.number() == number));
  }

  private EthBlock.Block header(long number) {
    return rpc.ask(
        web3.ethGetBlockByNumber(at(number), false),
        answer -> {
          EthBlock.Block block = answer.getBlock();
          if (block == null || block.getNumber().longValueExact() != number) {
            throw new ChainDown(url + ": no block " + number, null);
          }
          return block;
        });
  }

  @Override
  public byte[] call(String from, Call call) {
    return rpc.ask(
        web3.ethCall(request(from, call), DefaultBlockParameterName.LATEST),
        answer -> Hex.bytes(answer.getValue()));
  }

  @Override
  public long estimate(String from, Call call) {
    return rpc.ask(
        web3.ethEstimateGas(request(from, call)), r -> r.getAmountUsed().longValueExact());
  }

  private static Transaction request(String from, Call call) {
    return new Transaction(from, null, null, null, call.to(), call.value(), Hex.of(call.data()));
  }

  @Override
  public long nonce(String account, boolean pending) {
    DefaultBlockParameterName at =
        pending ? DefaultBlockParameterName.PENDING : DefaultBlockParameterName.LATEST;
    return rpc.ask(
        web3.ethGetTransactionCount(account, at), r -> r.getTransactionCount().longValueExact());
  }

  @Override
  public BigInteger balance(String account) {
    return rpc.ask(
        web3.ethGetBalance(account, DefaultBlockParameterName.LATEST), EthGetBalance::getBalance);
  }

  @Override
  public byte[] code(String account) {
    return rpc.ask(
        web3.ethGetCode(account, DefaultBlockParameterName.LATEST), r -> Hex.bytes(r.getCode()));
  }

  @Override
  public Fee fee() {
    BigInteger base =
        rpc.ask(
            web3.ethGetBlockByNumber(DefaultBlockParameterName.LATEST, false),
            r -> r.getBlock().getBaseFeePerGas());
    return new Fee(PRIORITY, base.shiftLeft(1).add(PRIORITY));
  }

  @Override
  public void submit(Signed signed) {
    try {
      rpc.ask(web3.ethSendRawTransaction(Hex.of(signed.raw())), answer -> answer);
    } catch (ChainDown e) {
      // Sent before, pending or mined, itself or a dearer version: the receipt will tell.
      String why = String.valueOf(e.getMessage()).toLowerCase(java.util.Locale.ROOT);
      boolean known =
          why.contains("already")
              || why.contains("nonce too low")
              || why.contains("replacement transaction underpriced");
      if (!known) {
        throw e;
      }
    }
  }

  @Override
  public Optional<Sent> receipt(String transaction) {
    return rpc.ask(
        web3.ethGetTransactionReceipt(transaction),
        answer -> answer.getTransactionReceipt().map(receipt -> sent(transaction, receipt)));
  }

  private Sent sent(String transaction, TransactionReceipt receipt) {
    if (!transaction.equalsIgnoreCase(receipt.getTransactionHash())) {
      throw new ChainDown(url + ": the receipt is not of " + transaction, null);
    }
    return sent(receipt);
  }

  private static Sent sent(TransactionReceipt receipt) {
    return new Sent(
        "",
        receipt.getTransactionHash(),
        receipt.getBlockNumber().longValueExact(),
        receipt.getGasUsed().longValueExact(),
        "0x1".equals(receipt.getStatus()),
        receipt.getContractAddress(),
        receipt.getLogs().stream().map(JsonRpcChain::log).toList(),
        0);
  }

  private static Log log(org.web3j.protocol.core.methods.response.Log log) {
    return new Log(
        log.getAddress(),
        log.getTopics().stream().map(Hex::bytes).toList(),
        Hex.bytes(log.getData()),
        log.getBlockNumber().longValueExact(),
        log.getTransactionHash(),
        log.getLogIndex().intValueExact());
  }

  @Override
  public byte[] input(String transaction) {
    return rpc.ask(
        web3.ethGetTransactionByHash(transaction),
        answer ->
            answer
                .getTransaction()
                .map(found -> Hex.bytes(found.getInput()))
                .orElseThrow(() -> new ChainDown(url + ": no transaction " + transaction, null)));
  }

  @Override
  public List<Log> logs(long first, long last, List<String> contracts, List<byte[]> topics) {
    List<Log> logs = new ArrayList<>();
    int range = logRange;
    for (long from = first; from <= last; ) {
      long to = Math.min(last, from + range - 1);
      try {
        logs.addAll(page(from, to, contracts, topics));
        from = to + 1;
      } catch (ChainDown e) {
        if (!e.answered() || to == from) {
          throw e;
        }
        range = Math.max(1, range / 4); // too many blocks or logs at once, by this endpoint's rule
      }
    }
    return logs;
  }

  private List<Log> page(long first, long last, List<String> contracts, List<byte[]> topics) {
    EthFilter filter = new EthFilter(at(first), at(last), contracts);
    for (byte[] topic : topics) {
      if (topic == null) {
        filter.addNullTopic();
      } else {
        filter.addSingleTopic(Hex.of(topic));
      }
    }
    return rpc.ask(
        web3.ethGetLogs(filter),
        answer -> {
          List<Log> logs = logs(answer);
          if (logs.stream().anyMatch(log -> log.block() < first || log.block() > last)) {
            throw new ChainDown(url + ": logs of other blocks than asked for", null);
          }
          return logs;
        });
  }

  @Override
  public List<Log> logs(String blockHash, List<String> contracts) {
    Map<String, Object> filter = Map.of("blockHash", blockHash, "address", contracts);
    return rpc.ask("eth_getLogs", List.of(filter), EthLog.class, answer -> logs(answer));
  }

  private static List<Log> logs(EthLog answer) {
    List<Log> logs = new ArrayList<>();
    for (EthLog.LogResult<?> result : answer.getLogs()) {
      logs.add(log((org.web3j.protocol.core.methods.response.Log) result.get()));
    }
    return logs;
  }

  private static DefaultBlockParameter at(long block) {
    return DefaultBlockParameter.valueOf(BigInteger.valueOf(block));
  }

  /** A method of a development node, for example evm_increaseTime. */
  Object develop(String method, Object... parameters) {
    return rpc.ask(method, List.of(parameters), Any.class, Response::getResult);
  }

  /** An answer of any form. */
  static final class Any extends Response<Object> {}

  @Override
  public void close() {
    rpc.close();
  }
}
