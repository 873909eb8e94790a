package opml.claim;

import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import opml.http.Hex;
import opml.http.Page;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Claims. */
@Path("/api/claims")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "claims")
class ClaimsResource {
  private final Claims claims;

  ClaimsResource(Claims claims) {
    this.claims = claims;
  }

  @GET
  @Transactional
  @Operation(operationId = "listClaims", summary = "Claims on chain, newest first")
  public Page<ClaimView> list(
      @QueryParam("cursor") String cursor, @QueryParam("limit") Integer limit) {
    return claims.list(Page.Range.of(cursor, limit));
  }

  @GET
  @Path("{id}")
  @Transactional
  @Operation(operationId = "showClaim", summary = "A claim, and the answer of an own replay")
  public ClaimView show(@PathParam("id") String id) {
    return claims.find(Hex.hash("id", id));
  }
}
