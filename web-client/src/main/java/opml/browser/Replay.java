package opml.browser;

import opml.guest.Guest;
import opml.guest.Memory;
import org.teavm.interop.Export;

/** The whole answer again: the guest over linear memory, in slices so that the worker can report and be cancelled. */
public final class Replay {
  private static LinearMemory memory;
  private static boolean ended;

  private Replay() {}

  /** Forgets everything; regions follow. */
  @Export(name = "replayBegin")
  public static void begin() {
    memory = new LinearMemory();
    ended = false;
  }

  /** Places a region (number of protocol section 1; 7: 32 zero bytes) of 2^size leaves whose first bytes lie at {@code at}. */
  @Export(name = "replayPlace")
  public static void place(int region, int at, int bytes, int size) {
    memory.place(region, at, bytes, size);
  }

  /** Runs at most {@code operators}; returns how many ran, fewer when the answer is complete. */
  @Export(name = "replayRun")
  public static int run(int operators) {
    try {
      Memory m = memory;
      int done = 0;
      while (done < operators && !ended) {
        ended = Guest.step(m) != 0;
        done++;
      }
      return done;
    } catch (RuntimeException e) {
      return Verifier.failed(e);
    }
  }

  /** 1 when the answer is complete. */
  @Export(name = "replayEnded")
  public static int ended() {
    return ended ? 1 : 0;
  }
}
