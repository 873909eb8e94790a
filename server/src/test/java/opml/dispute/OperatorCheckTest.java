package opml.dispute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.catalog.Progress;
import opml.chain.ChainEvent;
import opml.chain.DisputeContract;
import opml.inference.Engine;
import opml.machine.BytePages;
import opml.machine.FetchedPages;
import opml.machine.Machine;
import opml.machine.RegionSizes;
import opml.machine.Regions;
import opml.request.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One operator, without the model: the machine says who was right, whoever lied. */
class OperatorCheckTest {
  private static final byte[] INPUT = Request.ask("Who is right?", 6).encode();

  @TempDir private Path home;

  @Test
  void theMachineAgreesWithWhoWonWhoeverLied() throws IOException {
    try (ModelImage image = new ModelStore(home).open("opml-tiny", Progress.NONE);
        Engine engine = new Engine(image, 1)) {
      EngineProgram program = new EngineProgram(image, engine);
      for (Lie lie : Lie.values()) {
        for (boolean proposerLies : new boolean[] {true, false}) {
          check(program, lie, proposerLies);
        }
      }
    }
  }

  private static void check(EngineProgram program, Lie lie, boolean proposerLies) {
    try (LocalStage local = new LocalStage();
        ReplayTrace honest = new ReplayTrace(program, INPUT)) {
      List<Played> moves = new ArrayList<>();
      Demo demo = new Demo(local.stage(), program, INPUT, proposerLies, moves::add);
      assertTrue(demo.play(honest, lie, 4).asItShould());
      byte[] gameId = moves.getFirst().gameId();
      DisputeContract dispute = local.stage().dispute();
      List<ChainEvent> events = dispute.events(0, local.stage().chain().head(), null);
      Narrowing game = Narrowing.of(gameId, events);
      List<FetchedPages> fetched = new ArrayList<>();
      long operator = game.operator().loIndex() >>> Narrowing.WIDTH;
      OperatorCheck found =
          OperatorCheck.of(game, without(program.image(), honest.at(operator), fetched));
      assertEquals(proposerLies, found.challengerRight(), lie + " " + found);
      assertTrue(found.rounds().stream().allMatch(r -> proposerLies == r.pickRight()), lie + "");
      long bytes = fetched.stream().mapToLong(FetchedPages::bytes).sum();
      long all = program.image().info().weightsBytes();
      assertTrue(bytes < all, bytes + " fetched of " + all);
      unfinished(gameId, events);
    }
  }

  /** A machine in the same state that fetches what it touches. */
  private static Machine without(ModelImage image, Machine there, List<FetchedPages> fetched) {
    RegionSizes sizes = image.sizes();
    int[] regions = {Regions.WEIGHTS, Regions.STATE, Regions.OUTPUT};
    for (int region : regions) {
      fetched.add(
          new FetchedPages(
              Regions.name(region),
              there.root(region),
              sizes.of(region),
              (first, count) ->
                  ProvenPages.of(there.pages(region), sizes.of(region), first, count)));
    }
    return new Machine(
        sizes,
        image.code(),
        new BytePages(INPUT, sizes.input()),
        fetched.get(0),
        fetched.get(1),
        fetched.get(2));
  }

  /** Before it is about one operator there is nothing to check. */
  private static void unfinished(byte[] gameId, List<ChainEvent> events) {
    List<ChainEvent> early =
        events.stream().takeWhile(event -> !event.name().equals("Picked")).toList();
    String why =
        assertThrows(IllegalArgumentException.class, () -> Narrowing.of(gameId, early))
            .getMessage();
    assertTrue(why.contains("operators still"), why);
    why =
        assertThrows(IllegalArgumentException.class, () -> Narrowing.of(new byte[32], events))
            .getMessage();
    assertTrue(why.contains("no such game"), why);
  }
}
