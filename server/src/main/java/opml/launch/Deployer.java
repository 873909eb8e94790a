package opml.launch;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import opml.chain.Account;
import opml.chain.Call;
import opml.chain.Chain;
import opml.chain.Contracts;
import opml.chain.Deployment;
import opml.chain.MemoryJournal;
import opml.chain.Sender;
import opml.chain.Terms;
import opml.outbox.Deployed;
import opml.outbox.Keys;

/** Makes sure that our contracts are on a chain, once, and that development accounts have ether. */
public final class Deployer {
  private static final BigInteger PLENTY = BigInteger.TEN.pow(20); // wei
  private static final BigInteger LOW = BigInteger.TEN.pow(19);

  /** First account of every anvil: its key is printed in anvil's manual and worth nothing. */
  private static final String ANVIL_KEY =
      "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

  private final Chain chain;
  private final Keys keys;
  private final Consumer<String> progress;

  public Deployer(Chain chain, Keys keys, Consumer<String> progress) {
    this.chain = chain;
    this.keys = keys;
    this.progress = progress;
  }

  /**
   * Takes the deployment that {@code file} remembers if the chain still has it, else deploys.
   *
   * @param file rewritten only when something was deployed
   */
  public Deployed ensure(Path file, Terms terms) {
    long chainId = chain.chainId();
    boolean local = keys.allowsDevelopment(chainId);
    if (local) {
      fund("proposer");
      fund("validator");
      fund("liar");
    }
    if (Files.exists(file)) {
      Deployed remembered = Deployed.read(file);
      if (remembered.isOn(chain)) {
        progress.accept("contracts found on chain " + chainId);
        return remembered;
      }
      progress.accept("the chain has none of the contracts that " + file + " names");
    }
    if (!local && terms.equals(Terms.LOCAL)) {
      throw new IllegalStateException(
          "chain "
              + chainId
              + " has no contracts of ours that "
              + file
              + " names: run `opml contracts deploy --rpc-url URL`, or write the addresses of"
              + " deployed ones there");
    }
    return deploy(file, terms);
  }

  /**
   * Deploys, whatever was there.
   *
   * @param file gets the addresses
   */
  public Deployed deploy(Path file, Terms terms) {
    long chainId = chain.chainId();
    Account deployer =
        keys.allowsDevelopment(chainId) ? giver() : keys.account("deployer", chainId);
    BigInteger most = Deployment.mostGas().multiply(chain.fee().most());
    BigInteger before = chain.balance(deployer.address());
    progress.accept(
        "deploying contracts on chain "
            + chainId
            + " from "
            + deployer.address()
            + ": at most "
            + Preflight.ether(most));
    if (before.compareTo(most) < 0) {
      throw new IllegalStateException(
          "the deployer "
              + deployer.address()
              + " has "
              + Preflight.ether(before)
              + ": send it some");
    }
    long firstBlock = chain.head();
    Contracts contracts =
        Deployment.deploy(new Sender(chain, deployer, new MemoryJournal()), terms);
    progress.accept(
        "deployed for " + Preflight.ether(before.subtract(chain.balance(deployer.address()))));
    Deployed fresh = new Deployed(chainId, firstBlock, contracts);
    fresh.write(file);
    return fresh;
  }

  /** Who has ether on every development chain. */
  public static Account giver() {
    return Account.ofKey(ANVIL_KEY);
  }

  private void fund(String party) {
    String address = Keys.development(party).address();
    if (chain.balance(address).compareTo(LOW) < 0) {
      Sender giver = new Sender(chain, giver(), new MemoryJournal());
      giver.send("ether for " + party, new Call(address, new byte[0], PLENTY));
    }
  }
}
