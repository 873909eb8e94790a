package opml.games;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import opml.claim.Claims;
import opml.claim.Verdict;
import opml.dispute.Lie;
import opml.http.Hex;
import opml.outbox.Parties;
import opml.world.Eventually;
import opml.world.LyingProposer;
import opml.world.World;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** A claim that was found false is fought, whatever became of the first try. */
@QuarkusTest
@QuarkusTestResource(World.class)
@TestProfile(PursuitTest.EndpointBehind.class)
class PursuitTest {
  /** Own application: the first game is refused. */
  public static final class EndpointBehind implements QuarkusTestProfile {
    @Override
    public Set<Class<?>> getEnabledAlternatives() {
      return Set.of(RefusedChallenges.class);
    }

    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("opml.chain.poll", "0.2s"); // the window of these tests is short
    }
  }

  @Inject Parties parties;
  @Inject Claims claims;
  @Inject Pursuit pursuit;
  @Inject RefusedChallenges challenges;

  @ConfigProperty(name = "opml.models")
  Path folder;

  private static Object column(String name, byte[] claim) {
    return QuarkusTransaction.requiringNew()
        .call(
            () ->
                GameRecord.getEntityManager()
                    .createNativeQuery("select " + name + " from claim where id = ?1", Object.class)
                    .setParameter(1, claim)
                    .getSingleResult());
  }

  private static void set(String columns, byte[] claim) {
    QuarkusTransaction.requiringNew()
        .run(
            () ->
                GameRecord.getEntityManager()
                    .createNativeQuery("update claim set " + columns + " where id = ?1")
                    .setParameter(1, claim)
                    .executeUpdate());
  }

  @Test
  void whileEtherIsShortTheChainIsNotAskedAtEachLook() throws Exception {
    World.pass(parties.chain().url(), 1); // another time makes another request
    challenges.spend();
    try (LyingProposer liar =
        new LyingProposer(parties.chain(), parties.deployment(), folder, Lie.OUTPUT)) {
      byte[] id = liar.claim().id();
      String claim = "/api/claims/" + Hex.of(id);
      Eventually.holds("judged", () -> "DIFFERS".equals(given().get(claim).path("verdict")));
      Eventually.holds("pursued", () -> challenges.asked() > 0);
      Number ends = (Number) column("cast(extract(epoch from window_ends_at) as bigint)", id);
      int before = challenges.asked();
      for (int look = 0; look < 50; look++) {
        pursuit.pursue(ends.longValue() - 1000); // far from the end: nothing is urgent
      }
      int more = challenges.asked() - before;
      assertTrue(more < 25, more + " times in 50 looks");
    } finally {
      challenges.earn();
    }
  }

  @Test
  void aGameThatWasNotOpenedIsOpenedLater() throws Exception {
    World.pass(parties.chain().url(), 1); // another time makes another request
    try (LyingProposer liar =
        new LyingProposer(parties.chain(), parties.deployment(), folder, Lie.OUTPUT)) {
      byte[] id = liar.claim().id();
      String claim = "/api/claims/" + Hex.of(id);
      Eventually.holds("judged", () -> "DIFFERS".equals(given().get(claim).path("verdict")));
      Eventually.holds("fought", () -> !given().get(claim).<List<String>>path("games").isEmpty());

      // What an earlier version stored, and what a process without the model has said.
      final Object tokens = column("tokens", id);
      set("tokens = null, verdict = null", id);
      Eventually.holds("counted", () -> tokens.equals(column("tokens", id)));
      Eventually.holds("judged", () -> "DIFFERS".equals(given().get(claim).path("verdict")));
      set("verdict = 'UNKNOWN_MODEL'", id);
      Number seconds = (Number) column("cast(extract(epoch from window_ends_at) as bigint)", id);
      Instant ends = Instant.ofEpochSecond(seconds.longValue());
      Eventually.holds("judged", () -> "DIFFERS".equals(given().get(claim).path("verdict")));
      set("verdict = 'FAULTED'", id);
      claims.reconsider(Verdict.FAULTED, liar.claim().modelId(), ends);
      assertEquals("FAULTED", column("verdict", id), "nothing hangs on it any more");
      claims.reconsider(Verdict.FAULTED, liar.claim().modelId(), ends.minusSeconds(1));
      Eventually.holds("judged", () -> "DIFFERS".equals(given().get(claim).path("verdict")));
    }
  }
}
