package opml.chain;

import java.util.List;

/** The contract's step verifier, called without a transaction. */
public final class EvmStep {
  private final Chain chain;
  private final String address;
  private final Abi abi = Contracts.abi("StepVerifier");

  public EvmStep(Chain chain, String address) {
    this.chain = chain;
    this.address = address;
  }

  /** A verifier on a development node of its own. */
  public static EvmStep on(Anvil anvil) {
    Account account = Account.ofSeed("evm step".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    anvil.fund(account.address(), java.math.BigInteger.TEN.pow(20));
    Sender sender = new Sender(anvil.chain(), account, new MemoryJournal());
    return new EvmStep(anvil.chain(), Deployment.deploy(sender, "StepVerifier"));
  }

  /**
   * Hashes before and after the step, 32 bytes each.
   *
   * @param boundary whether the index of the step is a multiple of 2^24
   * @throws Reverted when the contract rejects the witness
   */
  public byte[] verify(byte[] witness, boolean boundary) {
    byte[] result = chain.call(null, new Call(address, abi.call("verify", witness, boundary)));
    List<Object> hashes = abi.result("verify", result);
    byte[] both = java.util.Arrays.copyOf((byte[]) hashes.get(0), 64);
    System.arraycopy((byte[]) hashes.get(1), 0, both, 32, 32);
    return both;
  }

  /** Gas of the step alone, call data and base cost of the transaction included. */
  public long gas(byte[] witness, boolean boundary) {
    return chain.estimate(null, new Call(address, abi.call("verify", witness, boundary)));
  }
}
