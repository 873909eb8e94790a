package opml.games;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import opml.catalog.GuestProgram;
import opml.chain.Account;
import opml.chain.Anvil;
import opml.chain.Call;
import opml.chain.ChainDown;
import opml.chain.MemoryJournal;
import opml.chain.Outbox;
import opml.chain.Sender;
import opml.dispute.Demo;
import opml.dispute.Lie;
import opml.dispute.Played;
import opml.dispute.Stage;
import opml.http.Client;
import opml.http.Places;
import opml.http.Problem;
import opml.launch.Deployer;
import opml.model.Model;
import opml.model.Models;
import opml.outbox.Keys;
import opml.outbox.Parties;
import opml.request.Request;
import opml.role.Stopping;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Lets a liar play on the development chain, for people to watch. One plays at a time; some wait
 * for their turn and have no runs yet; those whose game is over, or that wait for a clock, have
 * none any more.
 */
@ApplicationScoped
class Demonstration {
  private static final Logger LOG = Logger.getLogger(Demonstration.class);
  private static final BigInteger ETHER = BigInteger.TEN.pow(18);
  private static final int OPEN_SECONDS = 120; // the page waits for a minute longer in all
  private static final int TURN_SECONDS = 45;
  private static final int RETRY_SECONDS = 60;

  private final Parties parties;
  private final Models models;
  private final Config config;
  private final Turns turns;
  private final Places places;
  private final Stopping stopping;

  Demonstration(
      Parties parties,
      Models models,
      Config config,
      Stopping stopping,
      @ConfigProperty(name = "opml.demo.waiting") int waiting,
      @ConfigProperty(name = "opml.demo.waiting-per-client") int waitingOfOne,
      @ConfigProperty(name = "opml.demo.open") int most,
      @ConfigProperty(name = "opml.demo.open-per-client") int mostOfOne) {
    turns = new Turns(waiting, waitingOfOne);
    String open = " demonstrations are not settled yet, which is all of opml.demo.open";
    places =
        new Places(
            most,
            mostOfOne,
            () -> tooMany(503, most + open + "."),
            () -> tooMany(429, mostOfOne + " of your" + open + "-per-client."));
    this.stopping = stopping;
    this.parties = parties;
    this.models = models;
    this.config = config;
  }

  /**
   * Starts a demonstration when its turn comes; returns the id of its game once it is open.
   *
   * @param leaving is told what to do when who asked leaves; one who waits then waits no more
   */
  byte[] start(boolean proposerLies, Lie lie, Client client, Consumer<Runnable> leaving) {
    String url = config.getValue("opml.chain.rpc-url", String.class);
    Keys keys = new Keys(name -> java.util.Optional.empty(), url);
    if (!keys.allowsDevelopment(parties.deployment().chainId())) {
      throw Problem.conflict("no-development-chain", "Liars play on a local chain only.");
    }
    languageModel(); // refused at once where there is none
    Runnable leave = places.enter(client);
    CompletableFuture<byte[]> opened = new CompletableFuture<>();
    begin(client, leave, leaving, () -> play(proposerLies, lie, url, opened, leave));
    try {
      return opened.get(OPEN_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      if (!(e.getCause() instanceof Problem)) {
        LOG.warn("demonstration did not open a game", e);
      }
      throw told(e.getCause());
    } catch (InterruptedException e) {
      throw stopped();
    }
  }

  /** What who asked is told of a demonstration that opened no game. */
  static Problem told(Throwable cause) {
    return switch (cause) {
      case Problem problem -> problem;
      case ChainDown _ -> ChainDown.problem();
      case null, default ->
          Problem.unavailable(
              "demo-failed", "The demonstration did not begin; the server's log says why.");
    };
  }

  /**
   * From here on {@code play} ends the turn and gives the place back; if it never runs, this does.
   */
  private void begin(Client client, Runnable leave, Consumer<Runnable> leaving, Runnable play) {
    CompletableFuture<Void> turn = null;
    boolean begun = false;
    try {
      CompletableFuture<Void> mine = turns.take(client);
      turn = mine;
      leaving.accept(() -> mine.cancel(false));
      await(mine);
      Thread.ofVirtual().name("demo").start(play);
      begun = true;
    } finally {
      if (!begun) {
        leave.run();
        if (turn != null) {
          turns.leave(turn);
        }
      }
    }
  }

  private static void await(CompletableFuture<Void> turn) {
    try {
      turn.get(TURN_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      if (turn.cancel(false)) { // else it came in the last moment
        String detail = "No turn came in " + TURN_SECONDS + " seconds: others still play.";
        throw Problem.busy(503, "demo-queue-full", detail, RETRY_SECONDS);
      }
    } catch (CancellationException e) {
      throw Problem.conflict("demo-left", "Who asked has left before the turn came.");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      turn.cancel(false);
      throw stopped();
    }
  }

  private static Problem tooMany(int status, String detail) {
    return Problem.busy(status, "too-many-demonstrations", detail, RETRY_SECONDS);
  }

  private static Problem stopped() {
    Thread.currentThread().interrupt();
    return Problem.unavailable("demo-failed", "The server is stopping.");
  }

  private void play(
      boolean proposerLies, Lie lie, String url, CompletableFuture<byte[]> opened, Runnable leave) {
    AtomicBoolean plays = new AtomicBoolean(true);
    Runnable over =
        () -> {
          if (plays.getAndSet(false)) {
            turns.end();
          }
        };
    Runnable unused = () -> {};
    try {
      Model model = languageModel();
      unused = models.use(model); // no table tells of it before its claim is indexed
      String run = UUID.randomUUID().toString();
      Stage stage =
          new Stage(
              parties.chain(),
              parties.deployment().contracts(),
              account(run, "requester"),
              account(run, "proposer"),
              account(run, "challenger"),
              seconds -> {
                over.run(); // what is left is waiting, without a run: the next may begin
                await(url, seconds);
              });
      byte[] input = Request.ask("What is 2 plus 3?", 8).encode();
      Demo demo =
          new Demo(stage, model.program(), input, proposerLies, move -> heard(move, opened));
      boolean right = demo.play(lie, run.hashCode()).asItShould();
      LOG.infof("demonstration %s: %s", run, right ? "the liar lost" : "not as it should be");
    } catch (Problem e) { // the model was unloaded before its turn: who asked is told
      opened.completeExceptionally(e);
    } catch (RuntimeException | Error e) {
      if (stopping.hasBegun()) {
        LOG.info("a demonstration ends with the server");
      } else {
        LOG.error("demonstration failed", e);
      }
      opened.completeExceptionally(e);
    } finally {
      unused.run();
      over.run();
      leave.run();
    }
  }

  /**
   * In real time. The chain's clock is not moved: it belongs to all claims, games and receipts of
   * this server, whose windows, clocks and deadlines would end before anybody could act.
   */
  private static void await(String url, long seconds) {
    try {
      Thread.sleep(Duration.ofSeconds(seconds + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in a demonstration", e);
    }
    Anvil.pass(url, 0);
  }

  private Model languageModel() {
    return models.all().stream()
        .filter(m -> m.image().program() == GuestProgram.LANGUAGE_MODEL && m.engine() != null)
        .findFirst()
        .orElseThrow(
            () -> Problem.unavailable("no-model", "No language model runs in this process."));
  }

  private static void heard(Played move, CompletableFuture<byte[]> opened) {
    QuarkusTransaction.requiringNew().run(() -> MoveNote.keep(move));
    opened.complete(move.gameId());
  }

  private Outbox account(String run, String party) {
    byte[] seed = ("demo " + run + " " + party).getBytes(StandardCharsets.US_ASCII);
    Account account = Account.ofSeed(seed);
    Sender giver = new Sender(parties.chain(), Deployer.giver(), new MemoryJournal());
    giver.send("ether for " + party, new Call(account.address(), new byte[0], ETHER));
    return new Sender(parties.chain(), account, new MemoryJournal());
  }
}
