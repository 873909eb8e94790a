package opml.inference;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Threads that share the chunks of one kernel. Chunks are claimed one by one, so a thread that the
 * system has put aside delays nobody by more than a chunk. Helpers spin for work while a run is
 * going on and sleep otherwise.
 */
final class Team implements AutoCloseable {
  /** Work in chunks 0 .. n; a chunk's result must not depend on who runs it. */
  interface Job {
    /** Runs a chunk on a member, 0 (the caller) to {@link Team#size} - 1. */
    void run(int chunk, int member);
  }

  private static final long SPIN_NANOS = 500_000;
  private static final ScopedValue<Boolean> ALONE = ScopedValue.newInstance();
  private final int size;
  private final Thread[] helpers;
  private final AtomicInteger busy = new AtomicInteger();

  /** Sequence number of the job in the upper half, next chunk in the lower. */
  private final AtomicLong next = new AtomicLong();

  private final AtomicInteger done = new AtomicInteger();
  private volatile Job job;
  private volatile int chunks;
  private volatile boolean closed;
  private volatile Throwable failure;
  private volatile int asleep;

  Team(int size) {
    this.size = size;
    selfTest();
    helpers = new Thread[size - 1];
    for (int i = 0; i < helpers.length; i++) {
      int member = i + 1;
      helpers[i] =
          Thread.ofPlatform().daemon().name("opml-kernel-" + member).start(() -> help(member));
    }
  }

  int size() {
    return size;
  }

  /** Runs what is too small to be shared: no helper is woken, or spins, for its jobs. */
  static <T> T alone(Supplier<T> work) {
    return ScopedValue.where(ALONE, true).call(work::get);
  }

  /** Runs all chunks; alone when asked to, or when the helpers serve another run. */
  void run(Job work, int count) {
    if (size == 1 || count == 1 || ALONE.isBound() || !busy.compareAndSet(0, 1)) {
      for (int c = 0; c < count; c++) {
        work.run(c, 0);
      }
      return;
    }
    try {
      share(work, count);
    } finally {
      busy.set(0);
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // a hint: nothing depends on it
  private void share(Job work, int count) {
    done.set(0);
    chunks = 0;
    long sequence = (next.get() >>> 32) + 1;
    next.set(sequence << 32);
    job = work;
    chunks = count;
    if (asleep > 0) {
      for (Thread helper : helpers) {
        LockSupport.unpark(helper);
      }
    }
    work(0);
    int spins = 0;
    while (done.get() < count) {
      if (++spins > 2000) {
        Thread.yield();
      } else {
        Thread.onSpinWait();
      }
    }
    Throwable thrown = failure;
    if (thrown != null) {
      failure = null;
      throw new IllegalStateException("a kernel failed", thrown);
    }
  }

  /** Claims and runs chunks of the present job; whether there was one. */
  private boolean work(int member) {
    boolean any = false;
    while (true) {
      long claim = next.get();
      int count = chunks;
      Job work = job;
      if ((int) claim >= count) {
        return any;
      }
      // a stale count or job cannot pass: the sequence number changes before them
      if (next.compareAndSet(claim, claim + 1)) {
        try {
          work.run((int) claim, member);
        } catch (RuntimeException | Error e) {
          failure = e;
        } finally {
          done.incrementAndGet();
        }
        any = true;
      }
    }
  }

  private void help(int member) {
    selfTest();
    long idle = System.nanoTime();
    while (!closed) {
      if (work(member)) {
        idle = System.nanoTime();
      } else if (System.nanoTime() - idle < SPIN_NANOS) {
        for (int i = 0; i < 64 && (int) next.get() >= chunks; i++) {
          Thread.onSpinWait();
        }
      } else {
        sleep();
        idle = System.nanoTime();
      }
    }
  }

  private synchronized void sleeping(int change) {
    asleep += change;
  }

  private void sleep() {
    sleeping(1);
    if ((int) next.get() >= chunks && !closed) {
      LockSupport.parkNanos(this, 50_000_000);
    }
    sleeping(-1);
  }

  /** A native library may have switched subnormals off for a thread (D6): such a thread lies. */
  static void selfTest() {
    float tiny = Float.intBitsToFloat(1 + (int) (System.nanoTime() >>> 63));
    if (tiny * 1f != tiny || Float.MIN_NORMAL - tiny == Float.MIN_NORMAL) {
      throw new IllegalStateException(
          "this thread flushes subnormal numbers to zero; remove the native library that does it");
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread helper : helpers) {
      LockSupport.unpark(helper);
    }
  }
}
