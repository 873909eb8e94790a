package opml.model;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether a model is open that is not halted. */
@Readiness
@ApplicationScoped
class ModelHealth implements HealthCheck {
  private final Models models;
  private final Halts halts;

  ModelHealth(Models models, Halts halts) {
    this.models = models;
    this.halts = halts;
  }

  @Override
  public HealthCheckResponse call() {
    List<Model> open = models.all();
    List<String> halted =
        open.stream().filter(m -> halts.of(m).isPresent()).map(Model::name).toList();
    return HealthCheckResponse.named("models")
        .status(halted.size() < open.size())
        .withData("open", open.size())
        .withData("halted", String.join(",", halted))
        .build();
  }
}
