package opml.games;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.Locale;
import opml.dispute.Lie;
import opml.http.Client;
import opml.http.Hex;
import opml.http.Json;
import opml.http.Problem;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Catch a liar. */
@Path("/api/demo")
@Tag(name = "games")
class DemoResource {
  private final Demonstration demonstration;

  DemoResource(Demonstration demonstration) {
    this.demonstration = demonstration;
  }

  /**
   * @param liar proposer or challenger
   * @param lie output, activation or instruction
   */
  record Ask(String liar, String lie) {}

  record Started(String gameId) {}

  /** A liar plays on the local chain; answers when its turn has come and the game is open. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  @RequestBody(content = @Content(schema = @Schema(implementation = Ask.class)))
  @Operation(
      operationId = "startDemo",
      summary = "Plays a game against a liar, on a development chain")
  @RunOnVirtualThread
  public Started start(byte[] body, @Context RoutingContext context) {
    Ask ask = Json.read(body, Ask.class);
    boolean proposer = "proposer".equals(ask.liar());
    if (!proposer && !"challenger".equals(ask.liar())) {
      throw Problem.invalid("liar", "liar must be proposer or challenger.");
    }
    for (Lie lie : Lie.values()) {
      if (lie.name().toLowerCase(Locale.ROOT).equals(ask.lie())) {
        byte[] game =
            demonstration.start(
                proposer,
                lie,
                Client.of(context.request()),
                leave -> context.addEndHandler(any -> leave.run()));
        return new Started(Hex.of(game));
      }
    }
    throw Problem.invalid(
        "lie", "lie must be one of " + Arrays.toString(Lie.values()).toLowerCase(Locale.ROOT));
  }
}
