package opml.guest;

import java.util.BitSet;
import opml.machine.Machine;
import opml.machine.Regions;

/**
 * Runs operators in the VM and, when asked to, notes every instruction of CODE that was executed.
 */
final class Executed {
  /** Word indices in CODE, or null when nobody asks. */
  static BitSet words;

  private Executed() {}

  /** Runs to the next YIELD or EXIT, at most {@code most} instructions, and returns how many. */
  static long run(Machine machine, long most) {
    machine.resume();
    if (words == null) {
      return machine.run(most);
    }
    long steps = 0;
    while (machine.status() == Machine.RUNNING && steps < most) {
      words.set((int) (machine.pc() - Regions.base(Regions.CODE) >> 2));
      steps += machine.run(1);
    }
    return steps;
  }
}
