package opml.dispute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import opml.game.Position;
import opml.game.Radix;
import opml.machine.Machine;

/**
 * What both sides of a game said of one operator, against the machine.
 *
 * @param steps instructions that the operator takes, or those that had to be run
 * @param rounds round by round
 * @param startRight whether the state that the last pick begins with is the machine's
 * @param endRight whether the state that it ends with, which the proposer stands for, is
 */
public record OperatorCheck(long steps, List<Round> rounds, boolean startRight, boolean endRight) {
  /**
   * A round.
   *
   * @param width log2 of the steps in dispute
   * @param falseFrom first of the 63 states, or of the end as the 64th, that is not the machine's;
   *     0 when all are
   * @param picked segment that the challenger chose; -1 before
   * @param pickRight whether it begins right and ends wrong
   */
  public record Round(int width, int falseFrom, int picked, boolean pickRight) {}

  /** Who has to win: a false end that begins right is the proposer's fault. */
  public boolean challengerRight() {
    return startRight && !endRight;
  }

  /**
   * Runs the operator.
   *
   * @param start a machine in the operator's first state
   */
  public static OperatorCheck of(Narrowing game, Machine start) {
    Course course = new Course(start.copy());
    List<Round> rounds = new ArrayList<>();
    for (Narrowing.Round round : game.rounds()) {
      Position p = round.before();
      long stride = Radix.STANDARD.stride(p.width());
      course.to(inside(p.loIndex()));
      Course look = course.copy();
      List<byte[]> told = new ArrayList<>(round.states());
      told.add(p.hi());
      boolean[] right = new boolean[told.size() + 1];
      right[0] = Arrays.equals(course.hash(), p.lo());
      int wrong = 0;
      for (int i = 1; i < right.length; i++) {
        look.to(inside(p.loIndex()) + i * stride);
        right[i] = Arrays.equals(look.hash(), told.get(i - 1));
        wrong = right[i] || wrong > 0 ? wrong : i;
      }
      boolean chosen = round.after() != null;
      int picked = chosen ? (int) ((round.after().loIndex() - p.loIndex()) / stride) : -1;
      rounds.add(
          new Round(p.width(), wrong, picked, chosen && right[picked] && !right[picked + 1]));
    }
    Position last = game.last();
    course.to(inside(last.loIndex()));
    boolean startRight = Arrays.equals(course.hash(), last.lo());
    course.to(inside(last.loIndex()) + (1L << last.width()));
    boolean endRight = Arrays.equals(course.hash(), last.hi());
    return new OperatorCheck(course.ran, List.copyOf(rounds), startRight, endRight);
  }

  private static long inside(long index) {
    return index & (1L << Narrowing.WIDTH) - 1;
  }

  /** A machine on its way through the operator. */
  private static final class Course {
    private final Machine machine;
    private long at;
    private long ran;

    Course(Machine machine) {
      this.machine = machine;
    }

    Course copy() {
      Course copy = new Course(machine.copy());
      copy.at = at;
      return copy;
    }

    void to(long step) {
      if (at == 0 && step > 0) {
        machine.resume();
      }
      ran += machine.run(step - at);
      at = step;
    }

    byte[] hash() {
      return machine.stateHash();
    }
  }
}
