package opml.chain;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import okhttp3.OkHttpClient;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.http.HttpService;

/** Asks one endpoint: what it answers, {@link Reverted}, or {@link ChainDown} with the reason. */
final class Rpc implements AutoCloseable {
  private final String url;
  private final HttpService service;
  private final Web3j web3;

  Rpc(String url, Duration timeout) {
    this.url = url;
    OkHttpClient client =
        new OkHttpClient.Builder()
            .connectTimeout(timeout)
            .readTimeout(timeout)
            .callTimeout(timeout)
            .addInterceptor(new BoundedAnswer())
            .build();
    service = new HttpService(url, client, false);
    web3 = Web3j.build(service);
  }

  /** What can be asked for. */
  Web3j methods() {
    return web3;
  }

  /** Asks for a method by its name. */
  <T extends Response<?>, R> R ask(
      String method, List<?> parameters, Class<T> type, Function<T, R> read) {
    return ask(new Request<>(method, parameters, service, type), read);
  }

  /** Asks, and reads the answer; what cannot be read is no answer. */
  <T extends Response<?>, R> R ask(Request<?, T> request, Function<T, R> read) {
    try {
      T response = request.send();
      if (response == null) {
        throw new ChainDown(url + ": " + request.getMethod() + ": an empty answer", null);
      }
      if (response.hasError()) {
        throw failure(request.getMethod(), response.getError());
      }
      return read.apply(response);
    } catch (ChainDown | Reverted e) {
      throw e;
    } catch (BoundedAnswer.TooLong e) { // less may be asked for
      throw new ChainDown(url + ": " + request.getMethod() + ": " + e.getMessage(), null);
    } catch (IOException e) {
      throw new ChainDown(url + ": " + request.getMethod() + ": " + e.getMessage(), e);
    } catch (RuntimeException e) { // SAFETY: null or garbage where a result should be
      throw new ChainDown(
          url + ": " + request.getMethod() + ": an answer of no meaning: " + e, null);
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
