package opml.chain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A journal for one process life: demonstrations and tests. */
public final class MemoryJournal implements Journal {
  private final List<Signed> all = new ArrayList<>();
  private final Set<String> done = new HashSet<>();

  @Override
  public synchronized List<Signed> versions(String key) {
    return all.stream().filter(s -> s.key().equals(key)).toList();
  }

  @Override
  public synchronized void save(Signed signed) {
    all.add(signed);
  }

  @Override
  public synchronized List<Signed> pending(String account) {
    return from(account, 0).stream().filter(s -> !done.contains(s.key())).toList();
  }

  @Override
  public synchronized List<Signed> from(String account, long nonce) {
    return all.stream()
        .filter(s -> s.account().equals(account) && s.nonce() >= nonce)
        .sorted(Comparator.comparingLong(Signed::nonce))
        .toList();
  }

  @Override
  public synchronized void mined(String key, Sent sent) {
    done.add(key);
  }
}
