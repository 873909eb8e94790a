package opml.games;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Whether claims can be checked. */
@Readiness
@ApplicationScoped
class ValidatorHealth implements HealthCheck {
  private final Outage outage;

  ValidatorHealth(Outage outage) {
    this.outage = outage;
  }

  @Override
  public HealthCheckResponse call() {
    String reason = outage.reason();
    HealthCheckResponseBuilder told = HealthCheckResponse.named("validator").status(reason == null);
    return (reason == null ? told : told.withData("reason", reason)).build();
  }
}
