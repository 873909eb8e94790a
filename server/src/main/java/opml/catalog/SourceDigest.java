package opml.catalog;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * SHA-256 of a model file on a thread of its own. It reads the file in order and a little ahead of
 * the import, which then finds its pages in memory: a file larger than memory is read once.
 */
final class SourceDigest implements AutoCloseable {
  private static final int CHUNK = 1 << 20;
  private static final int CHUNKS_AHEAD = 256;

  private final Path file;
  private final long size; // what is appended later is not read
  private final Semaphore chunks = new Semaphore(CHUNKS_AHEAD);
  private final FutureTask<String> work = new FutureTask<>(this::digest);
  private final Thread thread;
  private volatile long done;
  private long taken;

  SourceDigest(Revision source) {
    this.file = source.file();
    this.size = source.size();
    this.thread = Thread.ofPlatform().name("sha256").daemon().start(work);
  }

  /** The SHA-256 of a file that nothing else is done with. */
  static String of(Path file, Progress progress) throws IOException {
    try (SourceDigest digest = new SourceDigest(Revision.of(file))) {
      return digest.hex(progress);
    }
  }

  private String digest() throws IOException, InterruptedException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
    ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
    try (FileChannel in = FileChannel.open(file)) {
      for (long at = 0; at < size; done = at) {
        chunks.acquire();
        buffer.clear().limit((int) Math.min(CHUNK, size - at));
        while (buffer.hasRemaining() && in.read(buffer) >= 0) {}
        if (buffer.hasRemaining()) {
          throw new IOException(file + " became shorter while it was read: import it again");
        }
        at += buffer.position();
        digest.update(buffer.flip());
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The import has taken so many more bytes of the file. */
  void taken(long bytes) {
    long before = taken / CHUNK;
    taken += bytes;
    chunks.release((int) (taken / CHUNK - before));
  }

  /** Waits for the end of the file. */
  String hex(Progress progress) throws IOException {
    chunks.release((int) (size / CHUNK) + 1);
    try {
      while (true) {
        try {
          return work.get(100, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          progress.at("Checking sha256", done, size);
        }
      }
    } catch (ExecutionException e) {
      throw new IOException("reading " + file + " failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
