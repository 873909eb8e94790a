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

/** Claims. */
@Path("/api/claims")
@Produces(MediaType.APPLICATION_JSON)
class ClaimsResource {
  private final Claims claims;

  ClaimsResource(Claims claims) {
    this.claims = claims;
  }

  @GET
  @Transactional
  public Page<ClaimView> list(
      @QueryParam("cursor") String cursor, @QueryParam("limit") Integer limit) {
    return claims.list(Page.Range.of(cursor, limit));
  }

  @GET
  @Path("{id}")
  @Transactional
  public ClaimView show(@PathParam("id") String id) {
    return claims.find(Hex.hash("id", id));
  }
}
