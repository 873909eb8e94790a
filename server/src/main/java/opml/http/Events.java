package opml.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Server-sent events written by hand: ids, names, comment pings. */
public final class Events {
  private final OutputStream out;

  public Events(OutputStream out) {
    this.out = out;
  }

  /** One event; {@code data} is one line of JSON. */
  public void send(String id, String name, Object data) throws IOException {
    StringBuilder text = new StringBuilder();
    if (id != null) {
      text.append("id: ").append(id).append('\n');
    }
    if (name != null) {
      text.append("event: ").append(name).append('\n');
    }
    String line = data instanceof String s ? s : Json.write(data);
    // SAFETY: a line break inside would let text of a model forge events
    if (line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("the data of an event is one line");
    }
    write(text.append("data: ").append(line).append("\n\n").toString());
  }

  /** Keeps proxies and readers from giving up; also finds out that the reader has gone. */
  public void ping() throws IOException {
    write(": ping\n\n");
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
