package opml.games;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import opml.chain.Chain;
import opml.claim.Claims;
import opml.claim.Verdict;
import opml.commitment.Keccak;
import opml.http.Hex;
import opml.model.Faulted;
import opml.model.Model;
import opml.model.Models;
import opml.outbox.Parties;
import opml.role.EachRow;
import opml.role.Role;
import opml.role.Roles;
import org.jboss.logging.Logger;

/** Replays every claim it sees and opens a game about each that differs. */
@ApplicationScoped
class Validator {
  private static final Logger LOG = Logger.getLogger(Validator.class);

  /** Seconds before the end of a window by which a game should be open. */
  private static final long MARGIN = 15;

  private final Claims claims;
  private final Models models;
  private final Parties parties;
  private final Roles roles;
  private final Challenges challenges;
  private final ReplayCost cost = new ReplayCost();
  private final Lots lots = new Lots();
  private final OwnAnswers answers = new OwnAnswers();
  private final Counter replays;
  private final Counter faults;
  private final AtomicLong waiting = new AtomicLong();
  private final AtomicLong seconds = new AtomicLong();
  private final AtomicLong late = new AtomicLong();

  Validator(
      Claims claims,
      Models models,
      Parties parties,
      Roles roles,
      Challenges challenges,
      MeterRegistry meters) {
    this.claims = claims;
    this.models = models;
    this.parties = parties;
    this.roles = roles;
    this.challenges = challenges;
    meters.gauge("opml.validator.claims", waiting);
    meters.gauge("opml.validator.backlog.seconds", seconds);
    meters.gauge("opml.validator.late.claims", late);
    replays = meters.counter("opml.validator.replays");
    faults = meters.counter("opml.validator.faults");
  }

  @Scheduled(
      every = "${opml.chain.poll}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
      skipExecutionIf = Scheduled.ApplicationNotRunning.class)
  void validate() {
    if (!roles.plays(Role.VALIDATOR)) {
      return;
    }
    challenges.note();
    Set<String> tried = new HashSet<>();
    for (Claims.Known next = next(tried); next != null; next = next(tried)) {
      tried.add(Hex.of(next.claim().id()));
      EachRow.of(List.of(next), LOG, k -> "claim " + Hex.of(k.claim().id()), this::judge);
    }
  }

  /** The claim to be replayed now, of all that are there now. */
  private Claims.Known next(Set<String> tried) {
    Chain chain = parties.chain();
    long now = chain.blockTime(chain.head());
    List<Backlog.Job<Claims.Known>> jobs = new ArrayList<>();
    for (Claims.Known known : claims.unjudged()) {
      if (!tried.contains(Hex.of(known.claim().id()))) {
        Model model = models.withId(known.claim().modelId());
        boolean answered = model == null || answers.of(known.claim()) != null;
        double takes = answered ? 0 : cost.seconds(model, known);
        jobs.add(new Backlog.Job<>(known, known.windowEndsAt().getEpochSecond(), takes));
      }
    }
    Backlog<Claims.Known> backlog =
        Backlog.of(jobs, now, MARGIN, known -> lots.of(known.claim().id()));
    tell(backlog, now);
    return backlog.next();
  }

  private void tell(Backlog<Claims.Known> backlog, long now) {
    waiting.set(backlog.inTime().size() + backlog.late().size());
    seconds.set(Math.round(backlog.seconds()));
    long missed = backlog.late().stream().filter(job -> job.end() > now).count();
    if (late.getAndSet(missed) < missed) {
      LOG.errorf(
          "%d claims cannot be replayed before their windows end, and chance decides which: a false"
              + " one among them becomes final. Give the validator a machine of its own or more"
              + " threads, or run several.",
          missed);
    }
  }

  private void judge(Claims.Known known) {
    byte[] id = known.claim().id();
    Model model = models.withId(known.claim().modelId());
    if (model == null) {
      claims.judge(id, Verdict.UNKNOWN_MODEL, null);
      return;
    }
    // Before the work: without the ether to challenge, a replay would be for nothing, and again.
    if (!challenges.stakes(id)) {
      return; // asked again at the next look
    }
    Unlike unlike =
        new Unlike(
            known.output(),
            () -> challenges.open(known, model, "the own text differs before its end"));
    Model.Outcome before = answers.of(known.claim());
    Model.Outcome own;
    try {
      own = before == null ? replay(known, model, unlike) : before;
    } catch (Faulted e) {
      faulted(known, model, unlike, e);
      return;
    }
    boolean reached = own.operators() <= 1L << 6 * known.claim().h();
    boolean same = Arrays.equals(Keccak.hash(own.output()), known.claim().outputHash());
    if (reached && same) {
      challenges.release(id);
      answers.agreed(known.claim(), own);
      claims.judge(id, Verdict.AGREED, null);
      return;
    }
    LOG.infof("claim %s differs from the own replay", Hex.of(id));
    // Opened before the verdict is stored: killed in between, the same key finds it opened.
    if (!unlike.told()) {
      String why = same ? "the trace is longer than claimed" : "the own output differs";
      challenges.open(known, model, why);
    }
    claims.judge(id, Verdict.DIFFERS, own.output());
  }

  /**
   * From FAULT no state leads on: whatever is claimed is false, if the machine faults there too.
   */
  private void faulted(Claims.Known known, Model model, Unlike unlike, Faulted fault) {
    byte[] id = known.claim().id();
    faults.increment();
    boolean machine;
    try {
      machine = model.faultsInMachine(known.input(), fault.operators());
    } catch (RuntimeException e) {
      if (!unlike.told()) {
        challenges.release(id);
      }
      throw e;
    }
    if (machine) {
      LOG.warnf("claim %s: %s, in the virtual machine too", Hex.of(id), fault.getMessage());
      if (!unlike.told()) {
        challenges.open(known, model, "the run faults: there is no answer");
      }
      claims.judge(id, Verdict.DIFFERS, null);
      return;
    }
    LOG.errorf(
        "ALARM: claim %s is not judged: %s, but not in the virtual machine. Run opml vm audit on"
            + " %s and find out why: this machine's replays cannot be trusted.",
        Hex.of(id), fault.getMessage(), model.name());
    if (!unlike.told()) {
      challenges.release(id);
    }
    claims.judge(id, Verdict.FAULTED, null);
  }

  private Model.Outcome replay(Claims.Known known, Model model, Unlike unlike) {
    long start = System.nanoTime();
    try {
      Model.Outcome own = model.replay(known.input(), known.output(), unlike);
      cost.learned(model, own, (System.nanoTime() - start) / 1e9);
      replays.increment();
      return own;
    } catch (Faulted e) {
      throw e;
    } catch (RuntimeException e) {
      if (!unlike.told()) {
        challenges.release(known.claim().id());
      }
      throw e;
    }
  }
}
