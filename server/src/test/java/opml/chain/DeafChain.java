package opml.chain;

/** A chain whose endpoint dies before it takes a transaction. */
final class DeafChain extends LosingChain {
  DeafChain(Chain chain) {
    super(chain, Integer.MAX_VALUE);
  }

  @Override
  public void submit(Signed signed) {
    throw new ChainDown("gone", null);
  }
}
