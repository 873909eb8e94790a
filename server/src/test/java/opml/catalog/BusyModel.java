package opml.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Replaces and removes a model that something holds, as a process in a name space of its own. */
final class BusyModel {
  private BusyModel() {}

  /** Arguments: home, a model file; prints what lies in the store after each step. */
  public static void main(String[] args) throws Exception {
    Path models = Path.of(args[0], "models");
    ModelStore store = new ModelStore(Path.of(args[0]));
    hold(models.resolve("m"));
    replace(store, args[1]);
    System.out.println(files(models));
    replace(store, args[1]);
    System.out.println(files(models));
    free(models.resolve(".removed-m+1"));
    store.tidy();
    System.out.println(store.list().stream().map(ModelInfo::name).toList());
    hold(models.resolve("m"));
    store.remove("m");
    System.out.println(files(models));
    store.tidy();
    System.out.println(files(models));
    free(models.resolve(".removed-m+1"));
    store.tidy();
    System.out.println(files(models));
  }

  private static void replace(ModelStore store, String file) throws IOException {
    store.importFile(Path.of(file), "m", null, ActivationForm.EXACT, Progress.NONE);
  }

  private static void hold(Path model) throws Exception {
    Path held = Files.createDirectory(model.resolve("held"));
    run("mount", "-t", "tmpfs", "none", held.toString());
  }

  private static void free(Path model) throws Exception {
    run("umount", model.resolve("held").toString());
  }

  private static void run(String... command) throws Exception {
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
      throw new IllegalStateException("unshare lets nobody mount here");
    }
  }

  private static List<String> files(Path models) throws IOException {
    try (Stream<Path> all = Files.list(models)) {
      return all.map(path -> path.getFileName().toString())
          .filter(file -> !file.startsWith(".lock-"))
          .sorted()
          .toList();
    }
  }
}
