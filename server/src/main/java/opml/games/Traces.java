package opml.games;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import opml.claim.Claims;
import opml.dispute.Program;
import opml.dispute.ReplayTrace;
import opml.game.Trace;
import opml.http.Hex;
import opml.model.Model;
import opml.model.Models;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Own traces of claims that we play, made by replay; the few last used stay where they stand. */
@ApplicationScoped
class Traces {
  /** Runs that stay in memory; a run takes its key/value cache and at most as much again. */
  private static final int WARM = 4;

  /** Claims whose computed states are kept. */
  private static final int KNOWN = 64;

  private final Models models;
  private final long kept;
  private final Map<String, Held> held = lastUsed(KNOWN, Held::close);
  private final Map<String, Held> warm = lastUsed(WARM, Held::rest);

  Traces(Models models, @ConfigProperty(name = "opml.dispute.memory") long memory) {
    this.models = models;
    kept = memory / WARM;
  }

  private static Map<String, Held> lastUsed(int most, Consumer<Held> free) {
    return new LinkedHashMap<>(8, 0.75f, true) {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, Held> eldest) {
        boolean full = size() > most;
        if (full) {
          free.accept(eldest.getValue());
        }
        return full;
      }
    };
  }

  /** The own trace of a claim, or null when its bytes or its model are not here. */
  synchronized Trace of(Claims.Known known) {
    Model model = models.withId(known.claim().modelId());
    if (model == null || known.input() == null) {
      return null;
    }
    String id = Hex.of(known.claim().id());
    Held trace = held.computeIfAbsent(id, any -> new Held(model.program(), known.input(), kept));
    warm.put(id, trace);
    return trace;
  }

  /** One user at a time: a replay stands somewhere. */
  private static final class Held implements Trace {
    private final ReplayTrace replay;

    Held(Program program, byte[] input, long kept) {
      replay = new ReplayTrace(program, input, kept);
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
    public synchronized void expect(Collection<Long> indices) {
      replay.expect(indices);
    }

    @Override
    public synchronized byte[] witness(long index) {
      return replay.witness(index);
    }

    synchronized void rest() {
      replay.rest();
    }

    synchronized void close() {
      replay.close();
    }
  }
}
