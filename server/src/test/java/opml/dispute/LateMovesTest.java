package opml.dispute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.catalog.Progress;
import opml.chain.Call;
import opml.chain.Outbox;
import opml.chain.Sent;
import opml.inference.Engine;
import opml.request.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a busy node a move is mined after the other side has looked and before its own side does. */
class LateMovesTest {
  @TempDir private Path home;

  @Test
  void noClockRunsOutBecauseAMoveIsMinedBetweenTwoLooks() throws Exception {
    byte[] input = Request.ask("What is 2 plus 3?", 6).encode();
    try (LocalStage local = new LocalStage();
        ModelImage image = new ModelStore(home).open("opml-tiny", Progress.NONE);
        Engine engine = new Engine(image, 1)) {
      Stage s = local.stage();
      Outbox late = new Late(s.challenger());
      Stage stage =
          new Stage(s.chain(), s.contracts(), s.requester(), s.proposer(), late, s.pass());
      List<Played> moves = new ArrayList<>();
      EngineProgram program = new EngineProgram(image, engine);
      Verdict verdict = new Demo(stage, program, input, false, moves::add).play(Lie.OUTPUT, 3);
      assertTrue(verdict.asItShould(), verdict.toString());
      assertEquals(6, moves.stream().filter(move -> move.kind().equals("reveal")).count());
    }
  }

  /** Posts go out when their side looks next. */
  private static final class Late implements Outbox {
    private final Outbox to;
    private final Map<String, Call> held = new LinkedHashMap<>();
    private final Map<String, Sent> mined = new HashMap<>();

    Late(Outbox to) {
      this.to = to;
    }

    @Override
    public String account() {
      return to.account();
    }

    @Override
    public Sent send(String key, Call call) {
      return to.send(key, call);
    }

    @Override
    public Optional<Sent> post(String key, Call call, String reason) {
      held.put(key, call);
      return Optional.empty();
    }

    @Override
    public Optional<Sent> outcome(String key) {
      return Optional.ofNullable(mined.get(key));
    }

    @Override
    public void tend() {
      held.forEach((key, call) -> mined.put(key, to.send(key, call)));
      held.clear();
    }
  }
}
