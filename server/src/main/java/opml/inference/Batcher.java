package opml.inference;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import opml.guest.Control;
import opml.guest.Guest;
import opml.inference.emitted.Emission;
import opml.inference.emitted.Level;

/**
 * Answers that are made at the same time make their next tokens together: a row of weights is read
 * once for all, and prompts that are read fill the lanes that generation leaves free. Who comes
 * first waits a moment for the others and works for all.
 */
final class Batcher implements AutoCloseable {
  /** The longest wait for somebody who samples or writes text. */
  private static final long PATIENCE_NANOS = 1_000_000;

  /** Lanes that a batch may take for prompts while somebody waits for the next word. */
  private static final int BESIDE = 8;

  private final Team team;
  private final Arena arena = Arena.ofShared();
  private final List<Ticket> waiting = new ArrayList<>();

  /** Runs that cannot be batched take turns, a token each, with all threads. */
  private final ReentrantLock turn = new ReentrantLock(true);

  private final LongAdder shared = new LongAdder();
  private BatchForward forward;
  private int members;
  private boolean working;

  Batcher(Team team) {
    this.team = team;
  }

  /** Whether tokens of this model can be made together. */
  static boolean possible(NativeMemory memory) {
    return Emission.has(Level.AVX2) && BatchForward.possible(memory);
  }

  /** A run begins to read its prompt or to generate. */
  synchronized void join() {
    members++;
  }

  /** A run that joined ends. */
  synchronized void leave() {
    members--;
    notifyAll();
  }

  synchronized boolean alone() {
    return members < 2;
  }

  /** Does one token of a run that cannot be batched. */
  void inTurn(Runnable token) {
    turn.lock();
    try {
      token.run();
    } finally {
      turn.unlock();
    }
  }

  /**
   * Does the next token of a run, or some of its prompt, with the others' if there are any.
   *
   * @param most tokens of the prompt that may be done; 0: the logits of the last token are made
   * @return tokens done; 0 when nobody else is there, or a number was not finite
   */
  int tokens(NativeMemory memory, Watch watch, int most) {
    if (alone()) {
      return 0;
    }
    Ticket mine = new Ticket(memory, watch, most, System.nanoTime() + PATIENCE_NANOS);
    // even if nobody else has come in time: whoever comes meanwhile waits, and then all are in step
    List<Ticket> batch = batchFor(mine);
    if (!batch.isEmpty()) {
      boolean good = false;
      try {
        good = work(batch);
      } finally {
        finish(batch, good);
      }
    }
    return mine.done();
  }

  /** The tickets to work for; none when somebody else has done one's own. */
  private synchronized List<Ticket> batchFor(Ticket mine) {
    waiting.add(mine);
    notifyAll();
    boolean interrupted = false;
    List<Ticket> batch = new ArrayList<>();
    while (!mine.ended() && batch.isEmpty()) {
      int most = Math.min(members, BatchForward.MAX);
      if (!working && (waiting.size() >= most || System.nanoTime() - mine.deadline() >= 0)) {
        working = true;
        fill(batch, mine);
      } else {
        try {
          wait(1);
        } catch (InterruptedException e) {
          // somebody may be working on this run's memory: stay
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return batch;
  }

  /**
   * Generation first, for it is what readers wait for; prompts get the lanes that are left, of
   * which there is always one if one of them waits. In both who came first is first.
   */
  private void fill(List<Ticket> batch, Ticket mine) {
    boolean prompts = waiting.stream().anyMatch(Ticket::reads);
    int free = BatchForward.MAX - (prompts ? 1 : 0);
    // the own ticket comes first in its kind: whoever works must not have to work again
    waiting.remove(mine);
    waiting.addFirst(mine);
    int generate = take(batch, false, free);
    int all = generate == 0 ? BatchForward.MAX : Math.max(BESIDE, generate + 1);
    take(batch, true, all - generate);
  }

  /** Moves tickets of a kind into the batch; returns the lanes that they take. */
  private int take(List<Ticket> batch, boolean reading, int free) {
    int taken = 0;
    Iterator<Ticket> all = waiting.iterator();
    while (all.hasNext() && taken < free) {
      Ticket ticket = all.next();
      if (ticket.reads() == reading) {
        all.remove();
        taken += ticket.grant(free - taken);
        batch.add(ticket);
      }
    }
    return taken;
  }

  private synchronized void finish(List<Ticket> batch, boolean good) {
    batch.forEach(ticket -> ticket.end(good));
    working = false;
    notifyAll();
  }

  private boolean work(List<Ticket> batch) {
    List<Lane> lanes = new ArrayList<>(BatchForward.MAX);
    int predictions = 0;
    for (Ticket t : batch) { // those that generate come first
      predictions += t.reads() ? 0 : 1;
      t.addTo(lanes);
    }
    if (forward == null) {
      forward = new BatchForward(batch.getFirst().memory(), arena, team);
    }
    if (!forward.run(lanes) || !forward.logits(predictions)) {
      forward.undo(0);
      return false;
    }
    if (batch.size() > 1) {
      shared.add(lanes.size());
    }
    for (Ticket t : batch) {
      if (t.reads()) {
        Prefill.advance(t.memory(), t.lanes());
      } else {
        t.memory().storeI32(Control.PHASE, Guest.P_SAMPLE);
      }
    }
    return true;
  }

  /** Tokens that were made or read together with others'. */
  long shared() {
    return shared.sum();
  }

  @Override
  public void close() {
    arena.close();
  }
}
