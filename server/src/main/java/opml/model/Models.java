package opml.model;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import opml.catalog.ModelImage;
import opml.http.Hex;
import opml.http.Problem;
import opml.inference.Engine;
import opml.outbox.Parties;
import opml.role.Role;
import opml.role.Roles;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The models of {@code opml.models}, opened at start. */
@ApplicationScoped
public class Models {
  private final List<Path> folders;
  private final Parties parties;
  private final Roles roles;
  private final int threads;
  private final List<Model> open = new ArrayList<>();

  Models(
      @ConfigProperty(name = "opml.models") List<Path> folders,
      @ConfigProperty(name = "opml.inference.threads") int threads,
      Parties parties,
      Roles roles) {
    this.folders = folders;
    this.threads = threads;
    this.parties = parties;
    this.roles = roles;
  }

  /** Before the schedules, which begin with this event too and want the models. */
  void start(@Observes @Priority(100) StartupEvent event) throws java.io.IOException {
    byte[] verifier = Hex.bytes(parties.deployment().contracts().verifier());
    boolean runs = roles.plays(Role.INFERENCE) || roles.plays(Role.VALIDATOR);
    for (Path folder : folders) {
      ModelImage image = ModelImage.open(folder);
      Engine engine = runs ? new Engine(image, threads) : null;
      long importedAt = Files.getLastModifiedTime(folder).toMillis() / 1000;
      open.add(new Model(image, verifier, engine, importedAt));
    }
  }

  void stop(@Observes ShutdownEvent event) {
    for (Model model : open) {
      if (model.engine() != null) {
        model.engine().close();
      }
      model.image().close();
    }
  }

  public List<Model> all() {
    return List.copyOf(open);
  }

  /** The model of that name or id, or a problem of status 404. */
  public Model named(String name) {
    if (name == null || name.isEmpty()) {
      throw Problem.invalid("model", "model is missing: GET /api/models lists names.");
    }
    for (Model model : open) {
      if (model.name().equals(name) || Hex.of(model.id()).equals(name)) {
        return model;
      }
    }
    throw Problem.unknown("model", name);
  }

  /** The model with that id, or null. */
  public Model withId(byte[] id) {
    return open.stream().filter(m -> Arrays.equals(m.id(), id)).findFirst().orElse(null);
  }
}
