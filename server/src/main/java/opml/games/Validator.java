package opml.games;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import opml.chain.Chain;
import opml.claim.Claims;
import opml.claim.Verdict;
import opml.http.Hex;
import opml.model.Model;
import opml.model.Models;
import opml.outbox.Parties;
import opml.role.Role;
import opml.role.Roles;
import opml.role.Stopping;
import org.jboss.logging.Logger;

/** Checks every claim it sees, in an order in which as many as possible are checked in time. */
@ApplicationScoped
class Validator {
  private static final Logger LOG = Logger.getLogger(Validator.class);

  /** Seconds before the end of a window by which a game should be open. */
  private static final long MARGIN = 15;

  /** How long a plan is followed: what has come since may be more urgent. */
  private static final long ROUND_NANOS = 5_000_000_000L;

  /** Seconds that storing a verdict takes, about. */
  private static final double VERDICT = 0.005;

  private final Claims claims;
  private final Models models;
  private final Parties parties;
  private final Roles roles;
  private final Challenges challenges;
  private final Pursuit pursuit;
  private final Judge judge;
  private final Outage outage;
  private final Stopping stopping;
  private final Lots lots = new Lots();
  private final Setbacks setbacks = new Setbacks(() -> System.nanoTime() / 1_000_000_000);
  private final AtomicLong waiting = new AtomicLong();
  private final AtomicLong seconds = new AtomicLong();
  private final AtomicLong late = new AtomicLong();
  private long head; // of the chain
  private long headTime; // what its block says
  private long headSeen; // when, in nanoseconds: on a chain without blocks time passes all the same
  private long rest = System.nanoTime(); // until when what has failed is left alone in an outage
  private boolean begun;

  Validator(
      Claims claims,
      Models models,
      Parties parties,
      Roles roles,
      Challenges challenges,
      Pursuit pursuit,
      Judge judge,
      Outage outage,
      Stopping stopping,
      MeterRegistry meters) {
    this.claims = claims;
    this.models = models;
    this.parties = parties;
    this.roles = roles;
    this.challenges = challenges;
    this.pursuit = pursuit;
    this.judge = judge;
    this.outage = outage;
    this.stopping = stopping;
    meters.gauge("opml.validator.claims", waiting);
    meters.gauge("opml.validator.backlog.seconds", seconds);
    meters.gauge("opml.validator.late.claims", late);
    meters.gauge("opml.validator.failed.claims", setbacks, Setbacks::count);
    meters.gauge("opml.validator.outage", outage, o -> o.reason() == null ? 0 : 1);
  }

  @Scheduled(
      every = "${opml.chain.poll}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
      skipExecutionIf = Scheduled.ApplicationNotRunning.class)
  void validate() {
    if (roles.plays(Role.VALIDATOR)) {
      do {
        challenges.note();
      } while (round());
    }
  }

  /** Follows a plan for a while; whether there is more to do at once. */
  private boolean round() {
    try {
      List<Claims.Unjudged> order = outage.order(plan().order(), Claims.Unjudged::id);
      works(outage.ends());
      return follow(order);
    } catch (RuntimeException | Error e) { // SAFETY: without a plan no check; it is asked for again
      if (!stopping.hasBegun()) {
        tell(outage.begins(e), e);
      }
      return false;
    }
  }

  private boolean follow(List<Claims.Unjudged> order) {
    long begun = System.nanoTime();
    for (Claims.Unjudged claim : order) {
      boolean rests = outage.spares(claim.id()) && System.nanoTime() - rest < 0;
      if (rests || !attempt(claim)) {
        return false;
      } else if (System.nanoTime() - begun > ROUND_NANOS) {
        return true;
      }
    }
    return false;
  }

  private static void works(boolean news) {
    if (news) {
      LOG.info("claims can be checked again");
    }
  }

  private Backlog<Claims.Unjudged> plan() {
    Chain chain = parties.chain();
    long newest = chain.head();
    long now = chain.blockTime(newest);
    if (newest != head) {
      headSeen = System.nanoTime();
    }
    head = newest;
    headTime = now;
    reconsider(Instant.ofEpochSecond(now));
    pursuit.pursue(now);
    List<Claims.Unjudged> all = claims.unjudged();
    List<byte[]> ids = all.stream().map(Claims.Unjudged::id).toList();
    setbacks.keep(ids);
    outage.keep(ids);
    List<Backlog.Job<Claims.Unjudged>> jobs = new ArrayList<>();
    for (Claims.Unjudged claim : all) {
      if (!setbacks.waits(claim.id())) {
        Model model = models.withId(claim.modelId());
        double takes = VERDICT + (model == null ? 0 : judge.seconds(claim, model));
        long end = claim.windowEndsAt().getEpochSecond();
        // who tells more tokens than fit is not put off for it: a lie may show in the first words
        double room = Math.max(VERDICT, (double) (end - MARGIN - now));
        jobs.add(new Backlog.Job<>(claim, end, Math.min(takes, room)));
      }
    }
    Backlog<Claims.Unjudged> plan = Backlog.of(jobs, now, MARGIN, claim -> lots.of(claim.id()));
    tell(plan, now);
    return plan;
  }

  /**
   * A model may be open that was not before; a machine may have been repaired and started again.
   */
  private void reconsider(Instant now) {
    for (Model model : models.all()) {
      claims.reconsider(Verdict.UNKNOWN_MODEL, model.id(), now);
      if (!begun) {
        claims.reconsider(Verdict.FAULTED, model.id(), now);
      }
    }
    begun = true;
  }

  private void tell(Backlog<Claims.Unjudged> backlog, long now) {
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

  /** Checks a claim, and survives whatever that does; whether others can be checked too. */
  private boolean attempt(Claims.Unjudged claim) {
    long begun = System.nanoTime();
    try {
      boolean goesOn = check(claim);
      if (goesOn) {
        setbacks.over(claim.id());
      }
      return goesOn;
    } catch (RuntimeException | Error e) {
      // SAFETY: our own failure is no verdict, and an Error about one claim must not spare others
      return !stopping.hasBegun() && failed(claim, e, System.nanoTime() - begun);
    }
  }

  /** A check failed after so many nanoseconds; whether others can be checked. */
  private boolean failed(Claims.Unjudged claim, Throwable e, long spent) {
    boolean known = outage.reason() != null;
    List<byte[]> spared = outage.failed(claim.id(), e);
    if (!spared.isEmpty()) {
      spared.forEach(setbacks::over);
      rest = System.nanoTime() + spent;
      tell(!known, e);
      return false;
    }
    long now = headTime + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - headSeen);
    long left = claim.windowEndsAt().getEpochSecond() - MARGIN - now;
    long wait = setbacks.failed(claim.id(), left, TimeUnit.NANOSECONDS.toSeconds(spent) + 1);
    LOG.errorf(
        "ALARM: claim %s could not be checked, and is tried again in %d s: %s. A false one becomes"
            + " final if that goes on: look at memory, chain and database.",
        Hex.of(claim.id()), wait, e);
    LOG.debug("where it failed", e);
    return true;
  }

  /** Said once, not every second. */
  private static void tell(boolean news, Throwable e) {
    if (news) {
      LOG.errorf(
          "ALARM: no claim can be checked: %s. False ones become final if that goes on: look at"
              + " memory, disk, chain and database. All are tried again until it works.",
          e);
    }
    LOG.debug("where it failed", e);
  }

  private boolean check(Claims.Unjudged claim) {
    Model model = models.withId(claim.modelId());
    if (model == null) {
      claims.judge(claim.id(), Verdict.UNKNOWN_MODEL, null);
      return true;
    }
    Claims.Known known = claims.unjudged(claim.id()).orElse(null);
    if (known == null) {
      return true; // its block was dropped meanwhile, or it has come to its end
    }
    // Before the work: without the ether to challenge, a replay would be for nothing, and again.
    if (!challenges.stakes(known)) {
      return false; // asked again at the next look
    }
    judge.judge(known, model);
    works(outage.succeeded(claim.id()));
    return true;
  }
}
