package opml.world;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import opml.chain.Hex;
import opml.chain.Receipt;

/** A server of pages of JSON, which may say anything. */
public final class ShownPages implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Map<String, Object>> pages = new ConcurrentHashMap<>();
  private final HttpServer server =
      HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);

  /** Without pages. */
  public ShownPages() throws IOException {
    server.createContext(
        "/",
        exchange -> {
          byte[] body = JSON.writeValueAsBytes(pages.get(exchange.getRequestURI().getPath()));
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Shows a chain and the contracts on it. */
  public void chain(String rpcUrl, String dispute, String receipts) {
    Map<String, String> contracts = Map.of("dispute", dispute, "receipts", receipts);
    pages.put("/api/chain", Map.of("rpcUrl", rpcUrl, "contracts", contracts));
  }

  /** Shows a receipt; its id. */
  public String receipt(Receipt receipt, byte[] input, byte[] output, byte[] signature) {
    Map<String, Object> page = new HashMap<>();
    page.put("modelId", Hex.of(receipt.modelId()));
    page.put("input", Hex.of(input));
    page.put("output", Hex.of(output));
    page.put("inputHash", Hex.of(receipt.inputHash()));
    page.put("outputHash", Hex.of(receipt.outputHash()));
    page.put("h", receipt.h());
    page.put("deadline", Long.toString(receipt.deadline()));
    page.put("proposer", receipt.proposer());
    page.put("signature", Hex.of(signature));
    String id = Hex.of(receipt.id());
    pages.put("/api/receipts/" + id, page);
    return id;
  }

  /** The page of a receipt, which may be changed. */
  public Map<String, Object> page(String id) {
    return pages.get("/api/receipts/" + id);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
