package opml.world;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import opml.catalog.ModelImage;
import opml.chain.Chain;
import opml.chain.Claim;
import opml.chain.DisputeContract;
import opml.chain.MemoryJournal;
import opml.chain.OracleContract;
import opml.chain.OracleRequest;
import opml.chain.Outbox;
import opml.chain.Sender;
import opml.commitment.Keccak;
import opml.dispute.Answered;
import opml.dispute.EngineProgram;
import opml.dispute.Liar;
import opml.dispute.Lie;
import opml.dispute.ProposerPlayer;
import opml.dispute.Table;
import opml.inference.Engine;
import opml.outbox.Deployed;
import opml.outbox.Keys;
import opml.request.Request;

/** A proposer outside every server, who claims a false answer on a chain and defends it. */
public final class LyingProposer implements AutoCloseable {
  private final DisputeContract dispute;
  private final ModelImage image;
  private final Engine engine;
  private final Liar lie;
  private final Claim claim;
  private final ProposerPlayer player;
  private int made;

  /**
   * Makes the claim.
   *
   * @param model folder of an imported model
   */
  public LyingProposer(Chain chain, Deployed deployed, Path model, Lie kind) throws IOException {
    dispute = new DisputeContract(chain, deployed.contracts().dispute());
    image = ModelImage.open(model);
    engine = new Engine(image, 1);
    EngineProgram program = new EngineProgram(image, engine);
    byte[] input = Request.ask("What is 3 plus 3?", 4).encode();
    Answered truth = Answered.by(program, input);
    lie = Liar.plant(program, input, truth, kind, 1);
    Outbox liar = new Sender(chain, Keys.development("liar"), new MemoryJournal());
    OracleContract oracle = new OracleContract(chain, deployed.contracts().oracle());
    long now = chain.blockTime(chain.head());
    opml.chain.Model onChain = program.model(deployed.contracts().verifier());
    OracleRequest request =
        new OracleRequest(
            onChain.id(),
            Keccak.hash(input),
            4,
            liar.account(),
            liar.account(),
            now + 600,
            now + 3600,
            BigInteger.TEN,
            OracleRequest.NOBODY,
            0,
            false,
            new byte[32]);
    liar.send("request", oracle.request(request, onChain, input));
    claim = oracle.claimFor(request, liar.account(), Keccak.hash(lie.answer().output()));
    liar.send(
        "claim",
        oracle.claim(request, lie.answer().output(), new byte[32], dispute.terms().claimBond()));
    Table table = new Table(chain, dispute, deployed.firstBlock());
    player = new ProposerPlayer(table, liar, lie.trace(), played -> {});
  }

  public Claim claim() {
    return claim;
  }

  /** Makes the moves that are due; how many were made so far. */
  public int moves() {
    made += player.play(claim.id());
    return made;
  }

  /** Goes on playing; whether the claim is defeated. */
  public boolean lost() {
    player.play(claim.id());
    return dispute.claim(claim.id()).status() == DisputeContract.Status.DEFEATED;
  }

  @Override
  public void close() {
    lie.close();
    engine.close();
    image.close();
  }
}
