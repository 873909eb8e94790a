package opml.model;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether a model is open. */
@Readiness
@ApplicationScoped
class ModelHealth implements HealthCheck {
  private final Models models;

  ModelHealth(Models models) {
    this.models = models;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("models")
        .status(!models.all().isEmpty())
        .withData("open", models.all().size())
        .build();
  }
}
