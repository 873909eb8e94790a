package opml.games;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import opml.claim.Claims;
import opml.dispute.Program;
import opml.dispute.ReplayTrace;
import opml.game.Trace;
import opml.http.Hex;
import opml.model.Model;
import opml.model.Models;

/** Own traces of claims, made by replay; the few last used are kept where they stand. */
@ApplicationScoped
class Traces {
  private static final int KEPT = 4;

  private final Models models;
  private final Map<String, Held> held =
      new LinkedHashMap<>(8, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Held> eldest) {
          boolean full = size() > KEPT;
          if (full) {
            eldest.getValue().close();
          }
          return full;
        }
      };

  Traces(Models models) {
    this.models = models;
  }

  /** The own trace of a claim, or null when its bytes or its model are not here. */
  synchronized Trace of(Claims.Known known) {
    Model model = models.withId(known.claim().modelId());
    if (model == null || known.input() == null) {
      return null;
    }
    return held.computeIfAbsent(
        Hex.of(known.claim().id()), any -> new Held(model.program(), known.input()));
  }

  /** One user at a time: a replay moves forwards. */
  private static final class Held implements Trace {
    private final ReplayTrace replay;

    Held(Program program, byte[] input) {
      replay = new ReplayTrace(program, input);
    }

    @Override
    public synchronized byte[] state(long index) {
      return replay.state(index);
    }

    @Override
    public synchronized List<byte[]> states(long from, long stride, int count) {
      return replay.states(from, stride, count);
    }

    @Override
    public synchronized byte[] witness(long index) {
      return replay.witness(index);
    }

    synchronized void close() {
      replay.close();
    }
  }
}
