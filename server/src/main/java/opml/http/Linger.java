package opml.http;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The end of a connection whose client still sends: closed at once, the system would tell the
 * client of a reset, and that may be all it hears (RFC 9112 section 9.6).
 */
final class Linger {
  private static final int SECONDS = 2;

  private Linger() {}

  /** Says that nothing more comes, and reads on until the client has hung up, or not for long. */
  static ScheduledFuture<?> begin(ChannelHandlerContext context) {
    context.channel().config().setAutoRead(true);
    context.read();
    SslHandler tls = context.pipeline().get(SslHandler.class);
    ChannelFuture told = tls == null ? context.newSucceededFuture() : tls.closeOutbound();
    told.addListener(any -> finish((DuplexChannel) context.channel()));
    return context.executor().schedule(() -> close(context), SECONDS, TimeUnit.SECONDS);
  }

  private static void finish(DuplexChannel channel) {
    ChannelFuture _ = channel.shutdownOutput();
  }

  private static void close(ChannelHandlerContext context) {
    ChannelFuture _ = context.close();
  }
}
