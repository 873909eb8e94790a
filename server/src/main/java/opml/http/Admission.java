package opml.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.net.impl.VertxHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Stands where connections are accepted: one client has no more of them than it may. Those of this
 * machine are not counted, be it that a proxy runs here or that people share it.
 */
@ChannelHandler.Sharable
final class Admission extends ChannelInboundHandlerAdapter {
  private static final int RETRY_SECONDS = 5;

  private final Places places;
  private final Duration patience;
  private final Duration keep;
  private final Refusals refusals;

  Admission(int most, Duration patience, Duration keep, Refusals refusals) {
    places = new Places(Integer.MAX_VALUE, most, () -> tooMany(most), () -> tooMany(most));
    this.patience = patience;
    this.keep = keep;
    this.refusals = refusals;
  }

  private static Problem tooMany(int most) {
    String detail = "You have " + most + " connections open: use one again, or close one.";
    return Problem.busy(429, "too-many-connections", detail, RETRY_SECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext listener, Object accepted) {
    Channel connection = (Channel) accepted;
    connection.pipeline().addLast(new Newcomer());
    listener.fireChannelRead(accepted);
  }

  /** Whether the connection has a place, which it gives back when it ends. */
  private Problem refusal(Channel connection) {
    boolean inet = connection.remoteAddress() instanceof InetSocketAddress;
    InetAddress from = inet ? ((InetSocketAddress) connection.remoteAddress()).getAddress() : null;
    if (from == null || from.isLoopbackAddress()) {
      return null;
    }
    try {
      Runnable leave = places.enter(Client.of(from.getHostAddress()));
      connection.closeFuture().addListener(any -> leave.run());
      return null;
    } catch (Problem problem) {
      return problem;
    }
  }

  /** By the time a connection is active, Vert.x has put its own handlers there. */
  private final class Newcomer extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext context) {
      ChannelPipeline pipeline = context.pipeline();
      Problem refusal = refusal(context.channel());
      VertxHandler<?> last = pipeline.get(VertxHandler.class);
      if (last != null) { // else TLS has its handshake to come
        ((HttpServerConnection) last.getConnection()).invalidRequestHandler(refusals::answer);
        pipeline.addAfter("httpEncoder", "exchanges", new Exchanges(patience, keep, refusal));
      } else if (refusal != null) {
        ChannelFuture _ = context.close();
      }
      pipeline.remove(this);
      context.fireChannelActive();
    }
  }
}
