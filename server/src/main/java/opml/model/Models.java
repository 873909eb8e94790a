package opml.model;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
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
  private static final String USES =
      """
      select
        (select count(*) from prompt where model = ?1 and status in ('QUEUED', 'RUNNING')),
        (select count(*) from receipt where model_id = ?2 and (status = 'CHALLENGED'
          or status in ('GENERATED', 'ANCHORED') and deadline > extract(epoch from now()))),
        (select count(*) from claim where model_id = ?2 and status = 'OPEN'
          and (window_ends_at > now() or exists
            (select 1 from game where claim_id = claim.id and game.status = 'RUNNING')))
      """;

  private final List<Path> folders;
  private final ModelStore store;
  private final Parties parties;
  private final Roles roles;
  private final int threads;
  private final List<Model> open = new CopyOnWriteArrayList<>();
  private final List<Model> used = new CopyOnWriteArrayList<>();

  Models(
      @ConfigProperty(name = "opml.models") List<Path> folders,
      @ConfigProperty(name = "opml.home") Path home,
      @ConfigProperty(name = "opml.inference.threads") int threads,
      Parties parties,
      Roles roles) {
    this.folders = folders;
    this.store = new ModelStore(home);
    this.threads = threads;
    this.parties = parties;
    this.roles = roles;
  }

  /** Before the schedules, which begin with this event too and want the models. */
  void start(@Observes @Priority(100) StartupEvent event) throws java.io.IOException {
    byte[] verifier = Hex.bytes(parties.deployment().contracts().verifier());
    store.tidy();
    boolean runs = roles.plays(Role.INFERENCE) || roles.plays(Role.VALIDATOR);
    for (Path folder : folders) {
      ModelImage image = ModelImage.open(folder);
      Engine engine = runs ? engine(image) : null;
      long importedAt = Files.getLastModifiedTime(folder).toMillis() / 1000;
      open.add(new Model(image, verifier, engine, importedAt));
    }
  }

  /** What runs a model. */
  Engine engine(ModelImage image) {
    return new Engine(image, threads);
  }

  void stop(@Observes ShutdownEvent event) {
    open.forEach(Models::close);
  }

  private static void close(Model model) {
    if (model.engine() != null) {
      model.engine().close();
    }
    model.image().close();
  }

  /**
   * Closes a model until the next start.
   *
   * @throws Problem of status 409 while something of it is not over
   */
  synchronized void unload(String name) {
    Model model = named(name);
    open.remove(model); // first, so that nothing new begins
    long[] uses = QuarkusTransaction.requiringNew().call(() -> uses(model));
    long games = used.stream().filter(one -> one == model).count();
    if (Arrays.stream(uses).sum() + games > 0) {
      open.add(model);
      String detail =
          "%s stays: prompts without an answer %d, receipts that can be challenged %d, open claims"
                  .formatted(model.name(), uses[0], uses[1])
              + " %d, demonstrations %d. Ask again when they are over.".formatted(uses[2], games);
      throw Problem.conflict("model-in-use", detail);
    }
    close(model);
    store.tidy(); // its own files, if another took its name while it was open
  }

  /** Keeps a model open for what no table tells of, until the result is run. */
  public synchronized Runnable use(Model model) {
    if (!open.contains(model)) {
      throw Problem.unavailable("no-model", "The model was unloaded in this moment.");
    }
    used.add(model);
    return () -> used.remove(model);
  }

  /** What would be left in the middle, or could not be defended any more. */
  private static long[] uses(Model model) {
    Object[] counts =
        (Object[])
            Halt.getEntityManager()
                .createNativeQuery(USES, Object[].class)
                .setParameter(1, model.name())
                .setParameter(2, model.id())
                .getSingleResult();
    return Arrays.stream(counts).mapToLong(count -> (Long) count).toArray();
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
