package opml.chain;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * One chain through several endpoints, of which some may be silent, behind or lying. The first that
 * answers is asked; where one of them could make us do something costly or nothing at all, the
 * others are asked too.
 */
final class Endpoints implements Chain {
  private static final long REST = TimeUnit.SECONDS.toNanos(15);

  private final List<? extends Chain> all;
  private final Heads heads;
  private final long[] rested; // nanoseconds of the last failure, 0 = none
  private volatile long chainId = -1;

  Endpoints(List<? extends Chain> all) {
    this.all = all;
    heads = new Heads(all.size());
    rested = new long[all.size()];
  }

  @Override
  public String url() {
    return endpoints().getFirst().url();
  }

  /** Those that did not fail lately; all where all have failed. */
  @Override
  public List<Chain> endpoints() {
    List<Chain> awake = new ArrayList<>();
    synchronized (rested) {
      for (int i = 0; i < all.size(); i++) {
        if (rested[i] == 0 || System.nanoTime() - rested[i] > REST) {
          awake.add(all.get(i));
        }
      }
    }
    return awake.isEmpty() ? List.copyOf(all) : awake;
  }

  private void rest(Chain chain) {
    synchronized (rested) {
      rested[all.indexOf(chain)] = System.nanoTime() | 1;
    }
  }

  /** An endpoint of another chain is as good as none. */
  private Chain checked(Chain chain) {
    if (chainId < 0) {
      chainId = chain.chainId();
    }
    if (chain.chainId() != chainId) {
      throw new ChainDown(chain.url() + ": chain " + chain.chainId() + ", not " + chainId, null);
    }
    return chain;
  }

  /** The first answer; a revert is one. */
  private <T> T first(Function<Chain, T> question) {
    List<Chain> order = new ArrayList<>(endpoints());
    all.stream().filter(chain -> !order.contains(chain)).forEach(order::add);
    ChainDown down = null;
    for (Chain chain : order) {
      try {
        return question.apply(checked(chain));
      } catch (ChainDown e) {
        down = e;
        rest(chain);
      }
    }
    throw down;
  }

  /** All answers of those awake; throws when there is none. */
  private <T> List<T> answers(Function<Chain, T> question) {
    List<T> answers = new ArrayList<>();
    Reverted reverted = null;
    ChainDown down = null;
    for (Chain chain : endpoints()) {
      try {
        answers.add(question.apply(checked(chain)));
      } catch (Reverted e) {
        reverted = e;
      } catch (ChainDown e) {
        down = e;
        rest(chain);
      }
    }
    if (answers.isEmpty()) {
      throw reverted != null ? reverted : down;
    }
    return answers;
  }

  /** The same; where none of those awake answers, the first of those that rest. */
  private <T> List<T> heard(Function<Chain, T> question) {
    try {
      return answers(question);
    } catch (ChainDown e) {
      return List.of(first(question));
    }
  }

  @Override
  public long chainId() {
    return first(Chain::chainId);
  }

  @Override
  public long head() {
    long now = System.nanoTime();
    List<Integer> told =
        answers(
            chain -> {
              int index = all.indexOf(chain);
              heads.told(index, chain.head(), now);
              return index;
            });
    return heads.believed(told, now);
  }

  /** What most say: the logs are asked for by its hash. */
  @Override
  public Optional<Block> block(long number) {
    return Votes.block(heard(chain -> chain.block(number)));
  }

  @Override
  public String blockHash(long block) {
    return first(chain -> chain.blockHash(block));
  }

  @Override
  public long blockTime(long block) {
    return first(chain -> chain.blockTime(block));
  }

  /** A refusal that another endpoint does not see is none: one may be behind or lying. */
  @Override
  public byte[] call(String from, Call call) {
    return answers(chain -> chain.call(from, call)).getFirst();
  }

  /** The most that one asks for; a refusal counts only when nobody disagrees. */
  @Override
  public long estimate(String from, Call call) {
    List<Long> told = answers(chain -> chain.estimate(from, call)).stream().sorted().toList();
    return told.get(told.size() / 2);
  }

  /** The least: what is too low is mended by our own journal, what is too high leaves a gap. */
  @Override
  public long nonce(String account, boolean pending) {
    return answers(chain -> chain.nonce(account, pending)).stream()
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  @Override
  public BigInteger balance(String account) {
    return first(chain -> chain.balance(account));
  }

  @Override
  public byte[] code(String account) {
    return first(chain -> chain.code(account));
  }

  /** The middle one: neither a fee that no block takes nor one that ruins us. */
  @Override
  public Fee fee() {
    List<Fee> fees = answers(Chain::fee).stream().sorted(Comparator.comparing(Fee::most)).toList();
    return fees.get(fees.size() / 2);
  }

  /** To all that are awake: one that takes it is enough. */
  @Override
  public void submit(Signed signed) {
    ChainDown down = null;
    boolean taken = false;
    for (Chain chain : endpoints()) {
      try {
        checked(chain).submit(signed);
        taken = true;
      } catch (ChainDown e) {
        down = e;
        if (!e.answered()) {
          rest(chain);
        }
      }
    }
    if (!taken) {
      throw down;
    }
  }

  /** A receipt that at least half of those who answer know. */
  @Override
  public Optional<Sent> receipt(String transaction) {
    List<Optional<Sent>> answers = answers(chain -> chain.receipt(transaction));
    List<Sent> known = answers.stream().flatMap(Optional::stream).toList();
    boolean enough = !known.isEmpty() && 2 * known.size() >= answers.size();
    return enough ? Optional.of(known.getFirst()) : Optional.empty();
  }

  @Override
  public byte[] input(String transaction) {
    return first(chain -> chain.input(transaction));
  }

  /**
   * What one hides is a move that we would not hear of. Only from those that have the last block:
   * others answer with what they have.
   */
  @Override
  public List<Log> logs(long first, long last, List<String> contracts, List<byte[]> topics) {
    return Votes.logs(
        heard(
            chain -> {
              if (chain.head() < last) {
                throw new ChainDown(chain.url() + " has not got block " + last + " yet", null);
              }
              return chain.logs(first, last, contracts, topics);
            }));
  }

  @Override
  public List<Log> logs(String blockHash, List<String> contracts) {
    return Votes.logs(heard(chain -> chain.logs(blockHash, contracts)));
  }

  @Override
  public void close() {
    all.forEach(Chain::close);
  }
}
