package opml.inference;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import opml.guest.Control;
import opml.guest.Guest;
import opml.guest.Header;
import opml.inference.emitted.Emission;
import opml.inference.emitted.Level;

/**
 * Answers that are being generated at the same time make their next tokens together: a row of
 * weights is read once for all. Who comes first waits a moment for the others and works for all.
 */
final class Batcher implements AutoCloseable {
  /** The longest wait for somebody who samples or writes text. */
  private static final long PATIENCE_NANOS = 1_000_000;

  private static final class Ticket {
    final NativeMemory memory;
    final long deadline = System.nanoTime() + PATIENCE_NANOS;
    boolean done;
    boolean good;

    Ticket(NativeMemory memory) {
      this.memory = memory;
    }
  }

  private final Team team;
  private final Arena arena = Arena.ofShared();
  private final List<Ticket> waiting = new ArrayList<>();
  private BatchForward forward;
  private int members;
  private boolean working;

  Batcher(Team team) {
    this.team = team;
  }

  /** A run begins to generate; false when its model cannot be batched. */
  synchronized boolean join(NativeMemory memory) {
    if (!Emission.has(Level.AVX2) || !BatchForward.possible(memory)) {
      return false;
    }
    members++;
    return true;
  }

  /** A run that joined ends. */
  synchronized void leave() {
    members--;
    notifyAll();
  }

  private synchronized boolean alone() {
    return members < 2;
  }

  /**
   * Makes the logits of the token at a run's position, with the others' if there are any.
   *
   * @return false when it was not done: nobody else is there, or a number was not finite
   */
  boolean logits(NativeMemory memory) {
    if (alone()) {
      return false;
    }
    Ticket mine = new Ticket(memory);
    List<Ticket> batch = batchFor(mine);
    if (batch.isEmpty()) {
      return mine.good;
    }
    boolean good = false;
    try {
      good = batch.size() > 1 && work(batch);
    } finally {
      finish(batch, good);
    }
    return good;
  }

  /** The tickets to work for; none when somebody else has done one's own. */
  private synchronized List<Ticket> batchFor(Ticket mine) {
    waiting.add(mine);
    notifyAll();
    boolean interrupted = false;
    List<Ticket> batch = new ArrayList<>();
    while (!mine.done && batch.isEmpty()) {
      int most = Math.min(members, BatchForward.MAX);
      if (!working && (waiting.size() >= most || System.nanoTime() - mine.deadline >= 0)) {
        working = true;
        waiting.remove(mine);
        batch.add(mine);
        while (batch.size() < BatchForward.MAX && !waiting.isEmpty()) {
          batch.add(waiting.removeFirst());
        }
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

  private synchronized void finish(List<Ticket> batch, boolean good) {
    for (Ticket t : batch) {
      t.done = true;
      t.good = good;
    }
    working = false;
    notifyAll();
  }

  private boolean work(List<Ticket> batch) {
    List<Lane> lanes = new ArrayList<>(batch.size());
    for (Ticket t : batch) {
      int position = t.memory.loadI32(Control.POSITION);
      int token = t.memory.loadI32(t.memory.loadI64(Header.TOKENS) + 4L * position);
      lanes.add(new Lane(t.memory, position, token));
    }
    if (forward == null) {
      forward = new BatchForward(batch.getFirst().memory, arena, team);
    }
    if (!forward.run(lanes) || !forward.logits()) {
      forward.undo();
      return false;
    }
    for (Ticket t : batch) {
      t.memory.storeI32(Control.PHASE, Guest.P_SAMPLE);
    }
    return true;
  }

  @Override
  public void close() {
    arena.close();
  }
}
