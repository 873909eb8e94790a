package opml.games;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.vertx.ext.web.RoutingContext;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import opml.dispute.ProvenPages;
import opml.http.Client;
import opml.http.Hex;
import opml.http.Page;
import opml.http.Problem;
import opml.machine.Pages;
import opml.machine.Regions;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * Games, their moves and single steps; states where operators begin, for whoever checks one
 * elsewhere: pages that it touches are fetched, each range with its proof.
 */
@Path("/api/games")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "games")
class GamesResource {
  private static final Map<String, Integer> REGIONS =
      Map.of("state", Regions.STATE, "output", Regions.OUTPUT);

  private final Games games;
  private final Steps steps;

  GamesResource(Games games, Steps steps) {
    this.games = games;
    this.steps = steps;
  }

  @GET
  @Transactional
  @Operation(operationId = "listGames", summary = "Games, newest first")
  public Page<GameView> list(
      @QueryParam("cursor") String cursor, @QueryParam("limit") Integer limit) {
    return games.list(Page.Range.of(cursor, limit));
  }

  /** No database transaction is held while a step is replayed. */
  @GET
  @Path("{id}")
  @Operation(operationId = "showGame", summary = "A game with its moves")
  public GameView show(@PathParam("id") String id, @Context RoutingContext context) {
    StepView step = steps.disputed(row(id), Client.of(context.request()));
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
  @Operation(operationId = "showStep", summary = "The witness of one step of a game")
  public StepView step(
      @PathParam("id") String id,
      @PathParam("index") String index,
      @Context RoutingContext context) {
    return steps.at(row(id), index, Client.of(context.request()));
  }

  /**
   * The state where an operator begins.
   *
   * @param preimage the bytes that hash to it, protocol section 2
   */
  record StateView(String operator, String preimage) {}

  @GET
  @Path("{id}/operators/{operator}")
  @Operation(operationId = "showOperator", summary = "The state where an operator of a game begins")
  public StateView state(
      @PathParam("id") String id,
      @PathParam("operator") String operator,
      @Context RoutingContext context) {
    Client client = Client.of(context.request());
    byte[] preimage = steps.operator(row(id), operator, client, machine -> machine.preimage());
    return new StateView(operator, Hex.of(preimage));
  }

  /** Pages of a region there, and the proof of their range: siblings from the pages upwards. */
  @GET
  @Path("{id}/operators/{operator}/{region}")
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  @Operation(
      operationId = "readOperatorPages",
      summary = "Pages of a region of that state, with their proof")
  public byte[] pages(
      @PathParam("id") String id,
      @PathParam("operator") String operator,
      @PathParam("region") String name,
      @QueryParam("page") long page,
      @QueryParam("count") @DefaultValue("1") int count,
      @Context RoutingContext context) {
    Integer region = REGIONS.get(name);
    if (region == null) {
      throw Problem.invalid("region", "region must be state or output.");
    }
    return steps.operator(
        row(id),
        operator,
        Client.of(context.request()),
        machine -> {
          Pages pages = machine.pages(region);
          try {
            return ProvenPages.of(pages, machine.sizes().of(region), page, count);
          } catch (IllegalArgumentException e) {
            throw Problem.invalid("page", e.getMessage());
          }
        });
  }
}
