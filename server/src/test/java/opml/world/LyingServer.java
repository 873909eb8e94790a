package opml.world;

import java.io.IOException;
import java.nio.file.Path;
import opml.catalog.ModelImage;
import opml.chain.Account;
import opml.chain.Chain;
import opml.chain.Claim;
import opml.chain.DisputeContract;
import opml.chain.MemoryJournal;
import opml.chain.Outbox;
import opml.chain.Receipt;
import opml.chain.ReceiptsContract;
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

/** Shows one receipt for a false answer, with an escrow behind it, and defends it on the chain. */
public final class LyingServer implements AutoCloseable {
  private static final Account LIAR = Keys.development("liar");

  private final DisputeContract dispute;
  private final ReceiptsContract receipts;
  private final ModelImage image;
  private final Engine engine;
  private final Liar lie;
  private final Receipt receipt;
  private final ProposerPlayer player;
  private final ShownPages pages = new ShownPages();
  private final String id;

  /**
   * Fills the escrow and shows the receipt.
   *
   * @param model folder of an imported model
   */
  public LyingServer(Chain chain, Deployed deployed, Path model, Lie kind) throws IOException {
    dispute = new DisputeContract(chain, deployed.contracts().dispute());
    receipts = new ReceiptsContract(chain, deployed.contracts().receipts());
    image = ModelImage.open(model);
    engine = new Engine(image, 1);
    EngineProgram program = new EngineProgram(image, engine);
    byte[] input = Request.ask("What is 4 plus 3?", 4).encode();
    lie = Liar.plant(program, input, Answered.by(program, input), kind, 1);
    Outbox outbox = new Sender(chain, LIAR, new MemoryJournal());
    outbox.send("escrow", receipts.deposit(dispute.terms().claimBond()));
    byte[] output = lie.answer().output();
    receipt =
        new Receipt(
            program.model(deployed.contracts().verifier()).id(),
            Keccak.hash(input),
            Keccak.hash(output),
            lie.answer().h(),
            chain.blockTime(chain.head()) + 600,
            LIAR.address());
    byte[] signature = LIAR.sign(receipt.digest(chain.chainId(), receipts.address()));
    Table table = new Table(chain, dispute, deployed.firstBlock());
    player = new ProposerPlayer(table, outbox, lie.trace(), played -> {});
    pages.chain(chain.url(), dispute.address(), receipts.address());
    id = pages.receipt(receipt, input, output, signature);
  }

  public String address() {
    return pages.address();
  }

  /** Of the receipt. */
  public String id() {
    return id;
  }

  /** What the receipt becomes when it is challenged. */
  public Claim claim() {
    return receipts.claimFor(receipt);
  }

  /** What is behind the receipt. */
  public ReceiptsContract.Escrow escrow() {
    return receipts.escrow(LIAR.address());
  }

  /** Goes on playing; whether the claim is defeated. */
  public boolean lost() {
    player.play(claim().id());
    return dispute.claim(claim().id()).status() == DisputeContract.Status.DEFEATED;
  }

  @Override
  public void close() {
    pages.close();
    lie.close();
    engine.close();
    image.close();
  }
}
