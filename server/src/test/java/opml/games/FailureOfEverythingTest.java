package opml.games;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import opml.dispute.Lie;
import opml.http.Hex;
import opml.outbox.Parties;
import opml.world.Eventually;
import opml.world.LyingProposer;
import opml.world.World;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** A machine on which no claim can be checked says so, and no claim waits longer for it. */
@QuarkusTest
@QuarkusTestResource(World.class)
@TestProfile(FailureOfEverythingTest.FullDisk.class)
class FailureOfEverythingTest {
  /** Own application: it fails about every claim. */
  public static final class FullDisk implements QuarkusTestProfile {
    @Override
    public Set<Class<?>> getEnabledAlternatives() {
      return Set.of(FullDiskChallenges.class);
    }
  }

  @Inject Parties parties;
  @Inject MeterRegistry meters;
  @Inject FullDiskChallenges challenges;

  @ConfigProperty(name = "opml.models")
  Path folder;

  private double gauge(String name) {
    Gauge gauge = meters.find("opml.validator." + name).gauge();
    return gauge == null ? -1 : gauge.value(); // none before the validator's first look
  }

  private static boolean isJudged(LyingProposer liar) {
    String claim = "/api/claims/" + Hex.of(liar.claim().id());
    return "DIFFERS".equals(given().get(claim).path("verdict"));
  }

  @Test
  void itIsToldAndNoClaimIsChargedForIt() throws Exception {
    given().get("/q/health/ready").then().statusCode(200);
    List<LyingProposer> liars = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        liars.add(new LyingProposer(parties.chain(), parties.deployment(), folder, Lie.OUTPUT));
        World.pass(parties.chain().url(), 1); // another time makes another request
      }
      Eventually.holds("told", () -> gauge("outage") == 1);
      given()
          .get("/q/health/ready")
          .then()
          .statusCode(503)
          .body(
              "checks.find { it.name == 'validator' }.data.reason",
              equalTo("IOException: see the log"));
      Eventually.holds("none is charged", () -> gauge("failed.claims") == 0);
      Thread.sleep(3000); // some rounds
      assertEquals(0, gauge("failed.claims"));
      challenges.repair();
      Eventually.holds("judged", () -> liars.stream().allMatch(liar -> isJudged(liar)));
      assertEquals(0, gauge("outage"));
      given().get("/q/health/ready").then().statusCode(200);
    } finally {
      liars.forEach(LyingProposer::close);
    }
  }
}
