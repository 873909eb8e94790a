package opml.games;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import opml.http.Hex;
import opml.http.Page;

/** Games, their moves and single steps. */
@Path("/api/games")
@Produces(MediaType.APPLICATION_JSON)
class GamesResource {
  private final Games games;
  private final Steps steps;

  GamesResource(Games games, Steps steps) {
    this.games = games;
    this.steps = steps;
  }

  @GET
  @Transactional
  public Page<GameView> list(
      @QueryParam("cursor") String cursor, @QueryParam("limit") Integer limit) {
    return games.list(Page.Range.of(cursor, limit));
  }

  /** No database transaction is held while a step is replayed. */
  @GET
  @Path("{id}")
  public GameView show(@PathParam("id") String id) {
    StepView step = steps.disputed(row(id));
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              GameRecord game = Games.row(Hex.hash("id", id));
              return GameView.of(game, MoveRecord.of(game.id), step);
            });
  }

  private static GameRecord row(String id) {
    byte[] key = Hex.hash("id", id);
    return QuarkusTransaction.requiringNew().call(() -> Games.row(key));
  }

  /** One step of the own trace; of the disputed step the witness that the contract executed. */
  @GET
  @Path("{id}/steps/{index}")
  public StepView step(@PathParam("id") String id, @PathParam("index") String index) {
    return steps.at(row(id), index);
  }
}
