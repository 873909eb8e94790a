package opml.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A stream of somebody else's that is an error where its allowance ends, or in a long silence. What
 * comes byte by byte breaks no silence that counts: the time for all of it is bounded too.
 */
final class BoundedStream extends FilterInputStream {
  private static final ScheduledThreadPoolExecutor WATCH =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("opml-silence").factory());

  static {
    WATCH.setRemoveOnCancelPolicy(true);
  }

  private final Allowance allowance;
  private final Duration silence;
  private final String name;
  private volatile boolean left;

  /**
   * @param in a stream that another thread can close while one waits for its bytes
   * @param allowance bytes and time that are left for it
   * @param silence how long the next byte may take
   * @param name of what sends them, for the error
   */
  BoundedStream(InputStream in, Allowance allowance, Duration silence, String name) {
    super(in);
    this.allowance = allowance;
    this.silence = silence;
    this.name = name;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] to, int from, int length) throws IOException {
    return (int) count(() -> in.read(to, from, length));
  }

  @Override
  public long skip(long bytes) throws IOException {
    return count(() -> in.skip(bytes));
  }

  /** No: bytes that come twice would be counted twice. */
  @Override
  public boolean markSupported() {
    return false;
  }

  @Override
  public synchronized void mark(int limit) {
    // not supported
  }

  @Override
  public synchronized void reset() throws IOException {
    throw new IOException("mark and reset are not supported");
  }

  private interface Step {
    long take() throws IOException;
  }

  private long count(Step step) throws IOException {
    long nanos = Math.min(silence.toNanos(), allowance.left(name, null).toNanos());
    Future<?> watch = WATCH.schedule(this::leave, nanos, TimeUnit.NANOSECONDS);
    long count;
    try {
      count = step.take();
    } catch (IOException e) {
      throw left ? tooLate(e) : e;
    } finally {
      watch.cancel(false);
    }
    if (left) {
      throw tooLate(null);
    }
    allowance.take(Math.max(0, count), name);
    return count;
  }

  private void leave() {
    left = true;
    try {
      in.close();
    } catch (IOException e) {
      // the reader is told why
    }
  }

  private IOException tooLate(IOException cause) throws IOException {
    allowance.left(name, cause);
    return new Silent(name, silence, cause);
  }

  /** Nothing came for so long that nothing will. */
  static final class Silent extends IOException {
    private static final long serialVersionUID = 1;

    Silent(String name, Duration silence, IOException cause) {
      super(name + " has sent nothing for " + silence.toSeconds() + " seconds: is it well?", cause);
    }
  }
}
