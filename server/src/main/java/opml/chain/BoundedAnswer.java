package opml.chain;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;

/** An endpoint's answers end behind so many bytes, whatever it goes on to send. */
final class BoundedAnswer implements Interceptor {
  /** Far more than the logs of a range of blocks. */
  static final long MOST = 64L << 20;

  /** It is longer. */
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1;

    TooLong() {
      super("an answer of more than " + MOST + " bytes");
    }
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    ResponseBody body = response.body();
    return response
        .newBuilder()
        .body(
            ResponseBody.create(
                Okio.buffer(new Bounded(body.source())), body.contentType(), body.contentLength()))
        .build();
  }

  private static final class Bounded extends ForwardingSource {
    private long read;

    Bounded(Source from) {
      super(from);
    }

    @Override
    public long read(Buffer to, long most) throws IOException {
      long count = super.read(to, most);
      read += Math.max(0, count);
      if (read > MOST) {
        throw new TooLong();
      }
      return count;
    }
  }
}
