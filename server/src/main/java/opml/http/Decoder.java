package opml.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads requests as Vert.x does, and knows whether one has begun. What Vert.x guesses about is
 * refused: a proxy in front may guess otherwise, and take for the body what is read as the next
 * request here.
 */
final class Decoder extends VertxHttpRequestDecoder {
  private static final Pattern VERSION = Pattern.compile("HTTP/[0-9]\\.[0-9]");

  private boolean isBetween = true;
  private boolean hasBegun;

  Decoder(int lineMax, int headersMax) {
    super(new HttpServerOptions().setMaxInitialLineLength(lineMax).setMaxHeaderSize(headersMax));
  }

  /** Whether a part of a first line or of headers has come; empty lines before are none. */
  boolean hasBegun() {
    return hasBegun;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    if (isBetween && !hasBegun) {
      hasBegun = in.forEachByte(Decoder::isSkipped) >= 0;
    }
    int before = out.size();
    super.decode(context, in, out);
    for (int i = before; i < out.size(); i++) {
      if (out.get(i) instanceof HttpRequest) {
        isBetween = false;
        hasBegun = false;
      }
      isBetween |= out.get(i) instanceof LastHttpContent;
    }
  }

  private static boolean isSkipped(byte value) {
    return value >= 0 && value <= ' ' || value == 0x7f;
  }

  /** A later HTTP/1 is answered as the one that is spoken here. */
  @Override
  protected HttpMessage createMessage(String[] line) {
    if (!VERSION.matcher(line[2]).matches()) {
      throw new IllegalArgumentException("no version of HTTP");
    }
    HttpMessage message = super.createMessage(line);
    HttpVersion version = message.protocolVersion();
    boolean later = version.majorVersion() == 1 && version.minorVersion() > 1;
    return later ? message.setProtocolVersion(HttpVersion.HTTP_1_1) : message;
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw Refusals.unclear();
  }
}
