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

  // names that Vert.x gives its handlers
  private static final String HTTP = "httpDecoder";
  private static final String TLS = "handshaker";

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

  /** Stands between the bytes of requests and Vert.x. */
  private void watch(ChannelPipeline pipeline, Problem refusal) {
    VertxHandler<?> last = pipeline.get(VertxHandler.class);
    ((HttpServerConnection) last.getConnection()).invalidRequestHandler(refusals::answer);
    Decoder decoder = refusals.decoder();
    pipeline.replace(HTTP, HTTP, decoder);
    Exchanges exchanges = new Exchanges(decoder, patience, keep, refusal);
    pipeline.addAfter("httpEncoder", "exchanges", exchanges);
  }

  /** By the time a connection is active, Vert.x has put its own handlers there. */
  private final class Newcomer extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext context) {
      ChannelPipeline pipeline = context.pipeline();
      Problem refusal = refusal(context.channel());
      if (pipeline.get(HTTP) != null) {
        watch(pipeline, refusal);
      } else if (refusal != null) { // it is not worth a handshake of TLS
        ChannelFuture _ = context.close();
      } else if (pipeline.get(TLS) != null) {
        pipeline.addBefore(TLS, "shaken", new Shaken());
      }
      pipeline.remove(this);
      context.fireChannelActive();
    }
  }

  /** With TLS it puts them there after the handshake, for which it has a bound of its own. */
  private final class Shaken extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      ChannelPipeline pipeline = context.pipeline();
      context.fireUserEventTriggered(event);
      if (pipeline.get(HTTP) != null) {
        pipeline.remove(this);
        watch(pipeline, null);
      }
    }
  }
}
