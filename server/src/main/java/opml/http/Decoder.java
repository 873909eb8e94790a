package opml.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
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
  private ChunkSizes chunks; // of the body that is read, or null
  private boolean isSpoilt;

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
    if (isSpoilt) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (isBetween && !hasBegun) {
      hasBegun = in.forEachByte(Decoder::isSkipped) >= 0;
    }
    int before = out.size();
    int begin = in.readerIndex();
    super.decode(context, in, out);
    if (chunks != null && !chunks.arePlain(in, begin, in.readerIndex())) {
      spoil(out, before);
    }
    for (int i = before; i < out.size(); i++) {
      if (out.get(i) instanceof HttpRequest request) {
        isBetween = false;
        hasBegun = false;
        chunks = HttpUtil.isTransferEncodingChunked(request) ? new ChunkSizes() : null;
      }
      isBetween |= out.get(i) instanceof LastHttpContent;
    }
  }

  /** As Netty does with chunks that it cannot read: the body has failed, nothing more is read. */
  private void spoil(List<Object> out, int from) {
    isSpoilt = true;
    List<Object> read = out.subList(from, out.size());
    read.forEach(ReferenceCountUtil::release);
    read.clear();
    LastHttpContent failed = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
    failed.setDecoderResult(DecoderResult.failure(Refusals.unclear()));
    out.add(failed);
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
