package opml.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import opml.world.Eventually;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher as a person calls it: exit codes, and nothing on standard error that is not ours.
 */
class LauncherIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir Path home;

  private int run(String option, String... arguments) throws Exception {
    return run(Map.of("OPML_JAVA_OPTS", option), arguments);
  }

  private int run(Map<String, String> environment, String... arguments) throws Exception {
    // What this build has packaged is what the launcher runs.
    Path stamp = ROOT.resolve("server/target/built.stamp");
    Files.deleteIfExists(stamp);
    Files.createFile(stamp);
    List<String> command = new ArrayList<>(List.of(ROOT.resolve("opml").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(file("out")).redirectError(file("err"));
    builder.environment().put("OPML_HOME", home.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    return builder.start().waitFor();
  }

  private File file(String name) {
    return home.resolve(name).toFile();
  }

  private String said(String name) throws IOException {
    return Files.readString(home.resolve(name));
  }

  @Test
  void aCommandThatWorksSaysNothingButItsResult() throws Exception {
    assertEquals(0, run("", "--version"));
    assertEquals("opML 1.0", said("out").strip());
    assertEquals("", said("err"));
  }

  @Test
  void aCommandThatFailsSaysWhyAndEndsWithItsCode() throws Exception {
    assertEquals(2, run("", "model", "show", "nothing"));
    assertTrue(said("err").startsWith("opml: there is no model nothing"), said("err"));
    assertEquals(2, run("", "nonsense"));
    assertTrue(said("err").startsWith("opml: there is no command nonsense"), said("err"));
    assertEquals("", said("out"));
  }

  /** Java says first what it took from there, as many set it behind a proxy. */
  @Test
  void aJdkIsFoundWhateverJavaTakesFromTheEnvironment() throws Exception {
    assertEquals(0, run(Map.of("JAVA_TOOL_OPTIONS", "-Da=b"), "--version"), said("err"));
    assertEquals("opML 1.0", said("out").strip());
  }

  @Test
  void whatTheVirtualMachineRefusesIsTold() throws Exception {
    assertEquals(1, run("-XX:NoSuchOption", "--version"));
    // It passes through a process of its own, which may end later.
    Eventually.holds("it is told", () -> said("err").contains("NoSuchOption"));
  }
}
