package opml.chain;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.DefaultBlockParameter;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.core.methods.request.EthFilter;
import org.web3j.protocol.core.methods.request.Transaction;
import org.web3j.protocol.core.methods.response.EthBlock;
import org.web3j.protocol.core.methods.response.EthLog;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.protocol.http.HttpService;

/** {@link Chain} by web3j over HTTP. */
final class JsonRpcChain implements Chain {
  private static final BigInteger PRIORITY = BigInteger.valueOf(1_000_000_000);

  private final String url;
  private final HttpService service;
  private final Web3j web3;
  private long chainId = -1;

  JsonRpcChain(String url) {
    this.url = url;
    OkHttpClient client =
        new OkHttpClient.Builder()
            .connectTimeout(5, TimeUnit.SECONDS)
            .readTimeout(60, TimeUnit.SECONDS)
            .build();
    service = new HttpService(url, client, false);
    web3 = Web3j.build(service);
  }

  @Override
  public String url() {
    return url;
  }

  @Override
  public synchronized long chainId() {
    if (chainId < 0) {
      chainId = ask(web3.ethChainId()).getChainId().longValueExact();
    }
    return chainId;
  }

  @Override
  public long head() {
    return ask(web3.ethBlockNumber()).getBlockNumber().longValueExact();
  }

  @Override
  public String blockHash(long block) {
    return block(block).getHash();
  }

  @Override
  public long blockTime(long block) {
    return block(block).getTimestamp().longValueExact();
  }

  private EthBlock.Block block(long number) {
    EthBlock.Block block = ask(web3.ethGetBlockByNumber(at(number), false)).getBlock();
    if (block == null) {
      throw new ChainDown(url + ": no block " + number, null);
    }
    return block;
  }

  @Override
  public byte[] call(String from, Call call) {
    return Hex.bytes(
        ask(web3.ethCall(request(from, call), DefaultBlockParameterName.LATEST)).getValue());
  }

  @Override
  public long estimate(String from, Call call) {
    return ask(web3.ethEstimateGas(request(from, call))).getAmountUsed().longValueExact();
  }

  private static Transaction request(String from, Call call) {
    return new Transaction(from, null, null, null, call.to(), call.value(), Hex.of(call.data()));
  }

  @Override
  public long nonce(String account, boolean pending) {
    DefaultBlockParameterName at =
        pending ? DefaultBlockParameterName.PENDING : DefaultBlockParameterName.LATEST;
    return ask(web3.ethGetTransactionCount(account, at)).getTransactionCount().longValueExact();
  }

  @Override
  public BigInteger balance(String account) {
    return ask(web3.ethGetBalance(account, DefaultBlockParameterName.LATEST)).getBalance();
  }

  @Override
  public byte[] code(String account) {
    return Hex.bytes(ask(web3.ethGetCode(account, DefaultBlockParameterName.LATEST)).getCode());
  }

  @Override
  public Fee fee() {
    BigInteger base = block(head()).getBaseFeePerGas();
    return new Fee(PRIORITY, base.shiftLeft(1).add(PRIORITY));
  }

  @Override
  public void submit(Signed signed) {
    try {
      ask(web3.ethSendRawTransaction(Hex.of(signed.raw())));
    } catch (ChainDown e) {
      // Sent before, pending or mined: the receipt will tell.
      String why = String.valueOf(e.getMessage()).toLowerCase(java.util.Locale.ROOT);
      boolean known = why.contains("already") || why.contains("nonce too low");
      if (!known) {
        throw e;
      }
    }
  }

  @Override
  public Optional<Sent> receipt(String transaction) {
    return ask(web3.ethGetTransactionReceipt(transaction))
        .getTransactionReceipt()
        .map(JsonRpcChain::sent);
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
    return ask(web3.ethGetTransactionByHash(transaction))
        .getTransaction()
        .map(found -> Hex.bytes(found.getInput()))
        .orElseThrow(() -> new ChainDown(url + ": no transaction " + transaction, null));
  }

  @Override
  public List<Log> logs(long first, long last, List<String> contracts, List<byte[]> topics) {
    EthFilter filter = new EthFilter(at(first), at(last), contracts);
    for (byte[] topic : topics) {
      if (topic == null) {
        filter.addNullTopic();
      } else {
        filter.addSingleTopic(Hex.of(topic));
      }
    }
    List<Log> logs = new ArrayList<>();
    for (EthLog.LogResult<?> result : ask(web3.ethGetLogs(filter)).getLogs()) {
      logs.add(log((org.web3j.protocol.core.methods.response.Log) result.get()));
    }
    return logs;
  }

  private static DefaultBlockParameter at(long block) {
    return DefaultBlockParameter.valueOf(BigInteger.valueOf(block));
  }

  /** A method of a development node, for example evm_increaseTime. */
  void develop(String method, Object... parameters) {
    ask(new Request<>(method, List.of(parameters), service, Any.class));
  }

  /** An answer of any form. */
  static final class Any extends Response<Object> {}

  private <T extends Response<?>> T ask(Request<?, T> request) {
    try {
      T response = request.send();
      if (response.hasError()) {
        throw failure(request.getMethod(), response.getError());
      }
      return response;
    } catch (IOException e) {
      throw new ChainDown(url + ": " + request.getMethod() + ": " + e.getMessage(), e);
    }
  }

  private RuntimeException failure(String method, Response.Error error) {
    // web3j keeps this field as JSON text, quotes included.
    String data = error.getData() == null ? "" : error.getData().replace("\"", "");
    boolean reverted =
        error.getCode() == 3 || String.valueOf(error.getMessage()).contains("revert");
    if (reverted) {
      byte[] bytes = !data.startsWith("0x") ? new byte[0] : Hex.bytes(data);
      return new Reverted(Errors.describe(bytes, error.getMessage()), bytes);
    }
    return new ChainDown(url + ": " + method + ": " + error.getMessage(), null);
  }

  @Override
  public void close() {
    web3.shutdown();
  }
}
