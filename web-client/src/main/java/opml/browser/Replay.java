package opml.browser;

import opml.guest.Guest;
import opml.guest.Memory;

/**
 * The whole answer again: the guest over linear memory, in slices so that the worker can report and
 * be cancelled.
 */
final class Replay {
  private final LinearMemory memory = new LinearMemory();
  private boolean ended;

  void place(int region, int at, int bytes, int size) {
    memory.place(region, at, bytes, size);
  }

  int run(int operators) {
    Memory m = memory;
    int done = 0;
    while (done < operators && !ended) {
      ended = Guest.step(m) != 0;
      done++;
    }
    return done;
  }

  boolean ended() {
    return ended;
  }
}
