package opml.games;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import opml.claim.Claims;
import opml.claim.Verdict;
import opml.commitment.Keccak;
import opml.http.Hex;
import opml.model.Faulted;
import opml.model.Model;
import org.jboss.logging.Logger;

/** Replays a claim, opens a game about one that differs, and keeps the verdict. */
@ApplicationScoped
class Judge {
  private static final Logger LOG = Logger.getLogger(Judge.class);

  private final Claims claims;
  private final Challenges challenges;
  private final ReplayCost cost = new ReplayCost();
  private final OwnAnswers answers = new OwnAnswers();
  private final Counter replays;
  private final Counter faults;

  Judge(Claims claims, Challenges challenges, MeterRegistry meters) {
    this.claims = claims;
    this.challenges = challenges;
    replays = meters.counter("opml.validator.replays");
    faults = meters.counter("opml.validator.faults");
  }

  /** Replays a claim for whose challenge a bond is set aside. */
  void judge(Claims.Known known, Model model) {
    byte[] id = known.claim().id();
    Unlike unlike =
        new Unlike(
            known.output(),
            () -> challenges.open(known, model, "the own text differs before its end"));
    Model.Outcome before = answers.of(known.claim().modelId(), known.claim().inputHash());
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
    } catch (RuntimeException | Error e) {
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
    } catch (RuntimeException | Error e) {
      if (!unlike.told()) {
        challenges.release(known.claim().id());
      }
      throw e;
    }
  }

  /** Seconds that a claim's replay takes, about; 0 where its answer is known. */
  double seconds(Claims.Unjudged claim, Model model) {
    boolean answered = answers.of(claim.modelId(), claim.inputHash()) != null;
    return answered ? 0 : cost.seconds(model, claim.tokens());
  }
}
