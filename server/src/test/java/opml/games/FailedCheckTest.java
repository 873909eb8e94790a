package opml.games;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.Set;
import opml.dispute.Lie;
import opml.http.Hex;
import opml.outbox.Parties;
import opml.world.Eventually;
import opml.world.LyingProposer;
import opml.world.World;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** A check that ends in an Error is no verdict, and keeps no other claim waiting. */
@QuarkusTest
@QuarkusTestResource(World.class)
@TestProfile(FailedCheckTest.TooDeep.class)
class FailedCheckTest {
  /** Own application: it fails about one claim. */
  public static final class TooDeep implements QuarkusTestProfile {
    @Override
    public Set<Class<?>> getEnabledAlternatives() {
      return Set.of(OverflowingChallenges.class);
    }
  }

  @Inject Parties parties;
  @Inject MeterRegistry meters;
  @Inject OverflowingChallenges challenges;

  @ConfigProperty(name = "opml.models")
  Path folder;

  private LyingProposer liar(Lie lie) throws Exception {
    return new LyingProposer(parties.chain(), parties.deployment(), folder, lie);
  }

  private static String verdict(LyingProposer liar) {
    return given().get("/api/claims/" + Hex.of(liar.claim().id())).path("verdict");
  }

  private double failed() {
    Gauge gauge = meters.find("opml.validator.failed.claims").gauge();
    return gauge == null ? 0 : gauge.value(); // none before the validator's first look
  }

  @Test
  void othersAreJudgedAndTheClaimItselfWhenTheCauseIsGone() throws Exception {
    try (LyingProposer first = liar(Lie.OUTPUT)) {
      Eventually.holds("failed", () -> failed() == 1);
      World.pass(parties.chain().url(), 1); // another time makes another request
      try (LyingProposer second = liar(Lie.ACTIVATION)) {
        Eventually.holds("the other is judged", () -> "DIFFERS".equals(verdict(second)));
      }
      assertNull(verdict(first));
      assertEquals(1, failed());
      challenges.repair();
      Eventually.holds("judged", () -> "DIFFERS".equals(verdict(first)));
      Eventually.holds("forgotten", () -> failed() == 0);
    }
  }
}
