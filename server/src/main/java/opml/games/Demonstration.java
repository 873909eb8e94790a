package opml.games;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import opml.catalog.GuestProgram;
import opml.chain.Account;
import opml.chain.Anvil;
import opml.chain.Call;
import opml.chain.MemoryJournal;
import opml.chain.Outbox;
import opml.chain.Sender;
import opml.dispute.Demo;
import opml.dispute.Lie;
import opml.dispute.Played;
import opml.dispute.Stage;
import opml.http.Problem;
import opml.launch.Deployer;
import opml.model.Model;
import opml.model.Models;
import opml.outbox.Keys;
import opml.outbox.Parties;
import opml.request.Request;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/** Lets a liar play on the development chain, for people to watch; one game at a time. */
@ApplicationScoped
class Demonstration {
  private static final Logger LOG = Logger.getLogger(Demonstration.class);
  private static final BigInteger TEN_ETHER = BigInteger.TEN.pow(19);
  private static final int OPEN_SECONDS = 120;

  private final Parties parties;
  private final Models models;
  private final Config config;
  private final Semaphore free = new Semaphore(1);

  Demonstration(Parties parties, Models models, Config config) {
    this.parties = parties;
    this.models = models;
    this.config = config;
  }

  /** Starts a demonstration; returns the id of its game once it is open. */
  byte[] start(boolean proposerLies, Lie lie) {
    String url = config.getValue("opml.chain.rpc-url", String.class);
    Keys keys = new Keys(name -> java.util.Optional.empty(), url);
    if (!keys.allowsDevelopment(parties.deployment().chainId())) {
      throw Problem.conflict("no-development-chain", "Liars play on a local chain only.");
    }
    if (languageModel() == null) {
      throw Problem.unavailable("no-model", "No language model runs in this process.");
    }
    if (!free.tryAcquire()) {
      throw Problem.conflict("demo-runs", "A demonstration runs already: wait for its end.");
    }
    CompletableFuture<byte[]> opened = new CompletableFuture<>();
    Thread.ofVirtual().name("demo").start(() -> play(proposerLies, lie, url, opened));
    try {
      return opened.get(OPEN_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("demonstration did not open a game", e);
      throw Problem.unavailable("demo-failed", "The demonstration did not begin: see the log.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.unavailable("demo-failed", "The server is stopping.");
    }
  }

  private void play(boolean proposerLies, Lie lie, String url, CompletableFuture<byte[]> opened) {
    AtomicBoolean plays = new AtomicBoolean(true);
    Runnable over =
        () -> {
          if (plays.getAndSet(false)) {
            free.release();
          }
        };
    try {
      String run = UUID.randomUUID().toString();
      Stage stage =
          new Stage(
              parties.chain(),
              parties.deployment().contracts(),
              account(run, "requester"),
              account(run, "proposer"),
              account(run, "challenger"),
              seconds -> {
                over.run(); // what is left is waiting: the next game may begin
                await(url, seconds);
              });
      Model model = languageModel();
      byte[] input = Request.ask("What is 2 plus 3?", 8).encode();
      Demo demo =
          new Demo(stage, model.program(), input, proposerLies, move -> heard(move, opened));
      boolean right = demo.play(lie, run.hashCode()).asItShould();
      LOG.infof("demonstration %s: %s", run, right ? "the liar lost" : "not as it should be");
    } catch (RuntimeException | Error e) {
      LOG.error("demonstration failed", e);
      opened.completeExceptionally(e);
    } finally {
      over.run();
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
        .orElse(null);
  }

  private static void heard(Played move, CompletableFuture<byte[]> opened) {
    QuarkusTransaction.requiringNew().run(() -> MoveNote.keep(move));
    opened.complete(move.gameId());
  }

  private Outbox account(String run, String party) {
    byte[] seed = ("demo " + run + " " + party).getBytes(StandardCharsets.US_ASCII);
    Account account = Account.ofSeed(seed);
    Sender giver = new Sender(parties.chain(), Deployer.giver(), new MemoryJournal());
    giver.send("ether for " + party, new Call(account.address(), new byte[0], TEN_ETHER));
    return new Sender(parties.chain(), account, new MemoryJournal());
  }
}
