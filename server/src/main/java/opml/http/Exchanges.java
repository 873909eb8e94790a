package opml.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * Watches the requests and answers of one connection, between their bytes and Vert.x. Headers come
 * whole in a bounded time. A request is handed on when the client has taken the answer before it,
 * or answers that nobody reads would fill the memory; so many wait here, and meanwhile nothing more
 * is read. What is refused goes on as a request that could not be read, with the problem as its
 * reason: it is answered in its turn, and the last of its connection. So is the answer to a request
 * whose body is still under way. Between an answer and the next request a connection is kept for a
 * bounded time too: of clients that vanish nobody hears.
 */
final class Exchanges extends ChannelDuplexHandler {
  private static final int MOST = 32;

  private final Decoder decoder;
  private final Duration patience;
  private final Duration keep;
  private final Problem refusal;
  private final Deque<Object> waiting = new ArrayDeque<>();
  private ScheduledFuture<?> timer;
  private int requests; // of those that wait
  private boolean isAnswering;
  private boolean isResting; // what the timer is for
  private boolean isReadWanted;
  private boolean isInRequest;
  private boolean isBodyDue; // of the request that was read last
  private boolean isLast;
  private boolean isOver;
  private boolean isLingering;

  /**
   * Of a connection on which nothing has come.
   *
   * @param patience how long headers may take
   * @param keep how long nothing may be asked after an answer
   * @param refusal what it is told before it is closed, or null
   */
  Exchanges(Decoder decoder, Duration patience, Duration keep, Problem refusal) {
    this.decoder = decoder;
    this.patience = patience;
    this.keep = keep;
    this.refusal = refusal;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    if (refusal == null) {
      begin(context);
    } else {
      refuse(context, nothing(), refusal);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    stop();
    forget();
    context.fireChannelInactive();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (isOver) {
      isInRequest &= !(message instanceof LastHttpContent);
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpRequest request) {
      stop();
      isInRequest = true;
      isBodyDue = isBodyDue(request);
      isOver = request.decoderResult().isFailure();
      Problem problem = requests < MOST ? Refusals.unlike(request) : Refusals.ahead(MOST);
      if (problem != null) {
        refuse(context, request, problem);
        return;
      }
    }
    isInRequest &= isOver || !(message instanceof LastHttpContent);
    take(context, message);
  }

  private static boolean isBodyDue(HttpRequest request) {
    String length = request.headers().get(HttpHeaderNames.CONTENT_LENGTH, "0");
    return request.decoderResult().isFailure()
        || request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
        || !length.equals("0");
  }

  /** After each piece of bytes, whether or not they were enough for anything. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.fireChannelReadComplete();
    watch(context);
  }

  @Override
  public void read(ChannelHandlerContext context) {
    isReadWanted = !waiting.isEmpty();
    if (!isReadWanted) {
      context.read();
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    boolean interim = isInterim(message);
    if (message instanceof HttpResponse answer && !interim) {
      if (isUnread()) {
        answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      }
      isLast = answer.headers().contains(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
    }
    boolean end = message instanceof LastHttpContent && !interim;
    ChannelPromise taken = end ? promise.unvoid().addListener(any -> answered(context)) : promise;
    ChannelFuture _ = context.write(message, taken);
  }

  private static boolean isInterim(Object message) {
    return message instanceof HttpResponse response
        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
  }

  /** Whether the body of the request that is answered now is still under way. */
  private boolean isUnread() {
    return isInRequest && isBodyDue && requests == 0;
  }

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    if (isLingering) {
      context.channel().closeFuture().addListener(any -> promise.trySuccess());
    } else {
      ChannelFuture _ = context.close(promise);
    }
  }

  private void take(ChannelHandlerContext context, Object message) {
    boolean next = message instanceof HttpRequest;
    if (waiting.isEmpty() && !(isAnswering && next)) {
      isAnswering |= next;
      context.fireChannelRead(message);
    } else {
      requests += next ? 1 : 0;
      waiting.add(message);
    }
  }

  /** The last byte of an answer is on its way: the next request is handed on, as far as it came. */
  private void answered(ChannelHandlerContext context) {
    isAnswering = false;
    if (isLast) {
      end(context);
      return;
    }
    boolean was = waiting.isEmpty();
    while (!waiting.isEmpty() && !(isAnswering && waiting.peek() instanceof HttpRequest)) {
      Object message = waiting.poll();
      if (message instanceof HttpRequest) {
        requests--;
        isAnswering = true;
      }
      context.fireChannelRead(message);
    }
    if (!was) {
      context.fireChannelReadComplete();
    }
    if (isReadWanted && waiting.isEmpty()) {
      isReadWanted = false;
      context.read();
    }
    watch(context);
  }

  /** Nothing more is answered. Who still sends something is given time to read what was. */
  private void end(ChannelHandlerContext context) {
    boolean more = isInRequest && isBodyDue || !waiting.isEmpty();
    isOver = true;
    stop();
    forget();
    if (more && context.channel().isActive()) {
      isLingering = true;
      timer = Linger.begin(context);
    } else {
      close(context);
    }
  }

  private void forget() {
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
    requests = 0;
  }

  /** Sets the clock that is due: of headers that have begun and are read, or of silence. */
  private void watch(ChannelHandlerContext context) {
    if (isOver || !waiting.isEmpty() || !context.channel().isActive()) {
      return;
    }
    if (decoder.hasBegun() && (timer == null || isResting)) {
      stop();
      begin(context);
    } else if (!isAnswering && !isInRequest && timer == null) {
      isResting = true;
      schedule(context, keep, () -> close(context));
    }
  }

  private void begin(ChannelHandlerContext context) {
    schedule(context, patience, () -> late(context));
  }

  private void schedule(ChannelHandlerContext context, Duration time, Runnable task) {
    timer = context.executor().schedule(task, time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void stop() {
    isResting = false;
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private void late(ChannelHandlerContext context) {
    timer = null;
    if (!decoder.hasBegun()) {
      close(context);
    } else if (!isOver) {
      isInRequest = true;
      isBodyDue = true;
      refuse(context, nothing(), Refusals.slow(patience));
    }
  }

  private static void close(ChannelHandlerContext context) {
    ChannelFuture _ = context.close();
  }

  private static HttpRequest nothing() {
    return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
  }

  private void refuse(ChannelHandlerContext context, HttpRequest request, Problem problem) {
    isOver = true;
    request
        .setProtocolVersion(HttpVersion.HTTP_1_1)
        .setDecoderResult(DecoderResult.failure(problem));
    take(context, request);
    context.fireChannelReadComplete();
  }
}
