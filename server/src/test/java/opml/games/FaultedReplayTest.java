package opml.games;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import opml.dispute.Lie;
import opml.http.Hex;
import opml.model.FaultingModels;
import opml.model.Models;
import opml.outbox.Parties;
import opml.world.Eventually;
import opml.world.LyingProposer;
import opml.world.World;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** A validator whose machine is broken says so once, and risks no bond. */
@QuarkusTest
@QuarkusTestResource(World.class)
@TestProfile(FaultedReplayTest.BrokenMemory.class)
class FaultedReplayTest {
  /** Own application: its models fault. */
  public static final class BrokenMemory implements QuarkusTestProfile {
    @Override
    public Set<Class<?>> getEnabledAlternatives() {
      return Set.of(FaultingModels.class);
    }

    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("quarkus.arc.exclude-types", Models.class.getName());
    }
  }

  @Inject Parties parties;
  @Inject MeterRegistry meters;

  @ConfigProperty(name = "opml.models")
  Path folder;

  private double faults() {
    return meters.counter("opml.validator.faults").count();
  }

  @Test
  void aReplayThatFaultsIsJudgedOnceAndNothingIsStaked() throws Exception {
    try (LyingProposer liar =
        new LyingProposer(parties.chain(), parties.deployment(), folder, Lie.INSTRUCTION)) {
      String claim = "/api/claims/" + Hex.of(liar.claim().id());
      Eventually.holds("judged", () -> "FAULTED".equals(given().get(claim).path("verdict")));
      assertEquals(1, faults());
      Thread.sleep(3000); // some looks at what is not judged yet
      assertEquals(1, faults());
      given().get(claim).then().body("games", empty()).body("ownOutput", nullValue());
    }
  }
}
