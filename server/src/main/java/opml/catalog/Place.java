package opml.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where a model of some name lies in the store, and what exchanges it there. A kill between two
 * renames is mended by who comes next; what cannot be deleted, because a process has it mapped on a
 * network file system, lies out of sight until it can.
 *
 * <p>To be changed by who holds the {@link ImportLock} of the name.
 */
final class Place {
  private static final String FRESH = ".importing-";
  private static final String OLD = ".replaced-"; // only while the new one takes its place
  private static final String RUBBISH = ".removed-";
  private static final String NUMBER = "+"; // in no name of a model

  private final Path root;
  private final String name;

  /**
   * The place of a name, there or not.
   *
   * @param root folder of the models
   */
  Place(Path root, String name) {
    this.root = root;
    this.name = name;
  }

  /** Names of models of which something is left to be mended or deleted. */
  static Set<String> disturbed(Path root) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    for (String file : files(root)) {
      if (file.startsWith(OLD)) {
        names.add(file.substring(OLD.length()));
      } else if (file.startsWith(RUBBISH) && file.contains(NUMBER)) {
        names.add(file.substring(RUBBISH.length(), file.lastIndexOf(NUMBER)));
      }
    }
    return names;
  }

  private static List<String> files(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(root)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  Path directory() {
    return root.resolve(name);
  }

  /** Where an import writes. */
  Path fresh() {
    return root.resolve(FRESH + name);
  }

  private Path old() {
    return root.resolve(OLD + name);
  }

  /** Whether an exchange was stopped in the middle, so that nothing has the name. */
  boolean isTorn() {
    return is(old()) && !is(directory());
  }

  /** Shows what an import has finished, in place of what was there; {@link #mend} came before. */
  void exchange() throws IOException {
    if (is(directory())) {
      Files.move(directory(), old(), StandardCopyOption.ATOMIC_MOVE);
    }
    mend();
    if (is(fresh())) { // nothing had the name
      Files.move(fresh(), directory(), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** Takes away the model, out of sight at once, and an import's beginning; whether either was. */
  boolean clear() throws IOException {
    mend(); // before: else the one before it would come back
    boolean was = false;
    for (Path some : List.of(directory(), fresh())) {
      if (is(some)) {
        discard(some);
        was = true;
      }
    }
    sweep();
    return was;
  }

  /** Ends an exchange that was stopped: with the new model if it is whole, else with the old. */
  void mend() throws IOException {
    for (Path model : List.of(fresh(), old())) {
      if (isTorn() && isWhole(model)) {
        Files.move(model, directory(), StandardCopyOption.ATOMIC_MOVE);
      }
    }
    if (is(old())) {
      discard(old());
    }
    sweep();
  }

  private static boolean isWhole(Path directory) {
    return Stream.of(ModelStore.INFO, ModelStore.WEIGHTS, ModelStore.TREE)
            .allMatch(file -> Files.exists(directory.resolve(file)))
        && !Files.exists(directory.resolve(ModelImport.JOURNAL));
  }

  private void discard(Path directory) throws IOException {
    int number = 1;
    while (is(rubbish(number))) {
      number++;
    }
    Files.move(directory, rubbish(number), StandardCopyOption.ATOMIC_MOVE);
  }

  private Path rubbish(int number) {
    return root.resolve(RUBBISH + name + NUMBER + number);
  }

  /** Deletes what can be deleted. */
  private void sweep() throws IOException {
    String prefix = RUBBISH + name + NUMBER;
    for (String file : files(root)) {
      if (file.startsWith(prefix)) {
        try {
          delete(root.resolve(file));
        } catch (IOException e) {
          // still in use: the next sweep tries again
        }
      }
    }
  }

  private static boolean is(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** Deletes a folder or a link, not what that names. */
  static void delete(Path directory) throws IOException {
    if (!is(directory)) {
      return;
    }
    List<Path> found;
    try (Stream<Path> all = Files.walk(directory)) {
      found = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path p : found) {
      Files.delete(p);
    }
  }
}
