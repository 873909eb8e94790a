package opml.chain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A TCP proxy before a real node, with the faults that public endpoints have. */
public final class FaultyProxy implements AutoCloseable {
  /** What goes wrong. */
  public enum Fault {
    NONE,
    /** Takes the request and never answers. */
    SILENT,
    /** Closes the connection in the middle of the answer. */
    CUT,
    /** An error instead of a result. */
    ERROR,
    /** A result of null. */
    NULL,
    /** No JSON. */
    GARBAGE,
    /** An answer that never ends. */
    ENDLESS,
    /** The chain as it was at some block, for ever. */
    FROZEN,
    /** A head far beyond the chain's. */
    AHEAD,
    /** No logs, as if nothing had happened. */
    NO_LOGS,
    /** Accepts transactions and drops them. */
    SWALLOWS,
    /** Logs of more than ten blocks at a time are refused. */
    NARROW,
    /** Says that every transaction was mined. */
    FAKE_RECEIPTS
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ServerSocket listener;
  private final String node;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile Fault fault = Fault.NONE;
  private volatile String frozen;

  public FaultyProxy(String node) {
    this.node = node;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  public String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  /** From now on this goes wrong. */
  public void fail(Fault with) {
    frozen = with == Fault.FROZEN ? ask("eth_blockNumber", "[]").get("result").textValue() : null;
    fault = with;
  }

  /** Requests seen so far. */
  public int requests() {
    return requests.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      byte[] body;
      while ((body = request(in)) != null) {
        requests.incrementAndGet();
        if (fault == Fault.ENDLESS) {
          endless(out);
        }
        String answer = answer(JSON.readTree(body));
        if (answer == null) {
          Thread.sleep(60_000);
          return;
        }
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        String head =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                + bytes.length
                + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(bytes, 0, fault == Fault.CUT ? bytes.length / 2 : bytes.length);
        out.flush();
        if (fault == Fault.CUT) {
          return;
        }
      }
    } catch (IOException e) {
      // the other side has gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(socket);
    }
  }

  /** Until the other side has enough. */
  private static void endless(OutputStream out) throws IOException {
    out.write("HTTP/1.1 200 OK\r\n\r\n{".getBytes(StandardCharsets.US_ASCII));
    byte[] spaces = " ".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
    while (true) {
      out.write(spaces);
    }
  }

  private String answer(JsonNode asked) {
    String method = asked.get("method").textValue();
    String id = asked.get("id").toString();
    JsonNode p = asked.get("params");
    boolean sends = method.equals("eth_sendRawTransaction");
    String error = "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":{\"code\":-32000,\"message\":";
    return switch (fault) {
      case SILENT -> null;
      case ERROR -> error + "\"server is overloaded\"}}";
      case NULL -> result(id, "null");
      case GARBAGE -> "<html><body>502 Bad Gateway</body></html>";
      case AHEAD -> method.equals("eth_blockNumber") ? result(id, "\"0xfffffff\"") : pass(asked);
      case NO_LOGS -> method.equals("eth_getLogs") ? result(id, "[]") : pass(asked);
      case SWALLOWS -> sends ? result(id, "\"0x" + "00".repeat(32) + "\"") : pass(asked);
      case FROZEN ->
          method.equals("eth_blockNumber") ? result(id, "\"" + frozen + "\"") : old(asked);
      case NARROW ->
          method.equals("eth_getLogs") && wide(p) ? error + "\"range too wide\"}}" : pass(asked);
      case FAKE_RECEIPTS ->
          method.equals("eth_getTransactionReceipt")
              ? result(id, receipt(p.get(0).textValue()))
              : pass(asked);
      default -> pass(asked);
    };
  }

  private static boolean wide(JsonNode p) {
    long from = Long.decode(p.get(0).get("fromBlock").textValue());
    return Long.decode(p.get(0).get("toBlock").textValue()) - from >= 10;
  }

  private static String receipt(String hash) {
    return "{\"transactionHash\":\""
        + hash
        + "\",\"transactionIndex\":\"0x0\",\"blockHash\":\"0x"
        + "11".repeat(32)
        + "\",\"blockNumber\":\"0x1\",\"gasUsed\":\"0x5208\",\"cumulativeGasUsed\":\"0x5208\","
        + "\"status\":\"0x1\",\"logs\":[],\"contractAddress\":null}";
  }

  /** Nothing newer than the frozen block. */
  private String old(JsonNode asked) {
    ObjectNode copy = asked.deepCopy();
    String text = copy.toString().replace("\"latest\"", "\"" + frozen + "\"");
    try {
      return pass(JSON.readTree(text.replace("\"pending\"", "\"" + frozen + "\"")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String result(String id, String result) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}";
  }

  private JsonNode ask(String method, String params) {
    try {
      String text = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":";
      return JSON.readTree(pass(JSON.readTree(text + params + "}")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String pass(JsonNode asked) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(node))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(asked.toString()))
              .build();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The body of the next HTTP request; null at the end. */
  private static byte[] request(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int last = 0;
    while (last != 4) {
      int octet = in.read();
      if (octet < 0) {
        return null;
      }
      head.write(octet);
      boolean wanted = octet == (last % 2 == 0 ? '\r' : '\n');
      last = wanted ? last + 1 : 0;
    }
    for (String line : head.toString(StandardCharsets.US_ASCII).split("\r\n")) {
      if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
        return in.readNBytes(Integer.parseInt(line.substring(15).strip()));
      }
    }
    return new byte[0];
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
