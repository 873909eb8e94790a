package opml.dispute;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import opml.chain.Account;
import opml.chain.Anvil;
import opml.chain.Contracts;
import opml.chain.Deployment;
import opml.chain.MemoryJournal;
import opml.chain.Outbox;
import opml.chain.Sender;
import opml.chain.Terms;

/** A stage on a development node of its own, gone when it is closed. */
public final class LocalStage implements AutoCloseable {
  private static final BigInteger HUNDRED_ETHER = BigInteger.TEN.pow(20);

  private final Anvil anvil;
  private final Stage stage;

  public LocalStage() {
    anvil = Anvil.start(null, 0);
    Contracts contracts = Deployment.deploy(account("deployer"), Terms.LOCAL);
    stage =
        new Stage(
            anvil.chain(),
            contracts,
            account("requester"),
            account("proposer"),
            account("challenger"),
            anvil::pass);
  }

  private Outbox account(String name) {
    Account account = Account.ofSeed(("demo " + name).getBytes(StandardCharsets.UTF_8));
    anvil.fund(account.address(), HUNDRED_ETHER);
    return new Sender(anvil.chain(), account, new MemoryJournal());
  }

  public Stage stage() {
    return stage;
  }

  @Override
  public void close() {
    anvil.close();
  }
}
