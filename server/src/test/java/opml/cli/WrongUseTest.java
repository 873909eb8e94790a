package opml.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Wrong words on the command line: exit code 2, the word named, and what to write instead. */
class WrongUseTest {
  @RegisterExtension final Terminal terminal = new Terminal();

  private void assertRefused(String words, String... arguments) {
    String said = terminal.refused(2, arguments);
    assertTrue(said.startsWith("opml: " + words), said);
  }

  @Test
  void whatComesNearIsNamed() {
    assertRefused("there is no command hlep: did you mean help?", "hlep");
    assertRefused("there is no command lst: did you mean list?", "model", "lst");
    assertRefused("there is no option --modle: did you mean --model?", "ask", "--modle", "x", "hi");
    assertRefused("there is no option --jsn=1: did you mean --json?", "model", "list", "--jsn=1");
    assertRefused("there is no option --colour", "ask", "--colour", "hi");
    assertRefused("there is no command frobnicate: name one of help, start, ask", "frobnicate");
    assertRefused("'is' is one argument too many: put a text", "ask", "What", "is", "2 + 3?");
  }

  @Test
  void aMessageDoesNotSteerTheTerminal() {
    String quoted = "tensor \u001b[2J is missing\nfetch it again";
    assertEquals(quoted.replace('\u001b', '?'), Main.words(new IllegalStateException(quoted)));
    String filled = Main.words(new IllegalStateException("x".repeat(1 << 24)));
    assertTrue(filled.length() < 5000, "of " + filled.length());
  }

  @Test
  void aGroupAloneListsItsCommands() {
    assertRefused("name one of: help, start, ask");
    assertRefused("name one of: ", "model");
    assertRefused("name one of: ", "bench");
    assertRefused("name one of: deploy", "contracts");
    assertRefused("name one of: run, audit, replay", "vm");
  }

  @Test
  void numbersOutOfRangeAreNamedWithTheirOption() {
    String[][] all = {
      {"ask", "--max-tokens", "0"},
      {"ask", "--threads", "-1"},
      {"demo", "--max-tokens", "x"},
      {"bench", "decode", "--rounds", "0"},
      {"bench", "decode", "--depth", "-1"},
      {"bench", "vm", "--seconds", "-1"},
      {"bench", "overhead", "--answers", "0"},
      {"vm", "audit", "--max-tokens", "99999999999"},
      {"contracts", "deploy", "--clock", "0"},
    };
    for (String[] one : all) {
      assertRefused("Invalid value for option '" + one[one.length - 2] + "'", one);
    }
    assertRefused("Invalid value for option '--seed': 'x' is no whole number", "ask", "--seed=x");
    assertRefused("Invalid value for option '--top-p': 'x' is no number", "ask", "--top-p", "x");
    String large = "18446744073709551616";
    assertRefused(
        "Invalid value for option '--seed': '" + large + "' is no whole number from 0 to",
        "ask",
        "--seed",
        large);
    assertRefused("--threads is 1000: give 1 to", "bench", "merkle", "--threads", "1000");
    assertRefused("--share is 2.0: give more than 0", "vm", "audit", "--share", "2");
    for (String clock : new String[] {"191", "604801"}) {
      assertRefused(
          "--clock is " + clock + ": give 192 to 604800",
          "contracts",
          "deploy",
          "--rpc-url",
          "http://127.0.0.1:1",
          "--clock",
          clock);
    }
    assertRefused("--max-steps is 0: give 1 or more", "vm", "run", "--max-steps", "0", "x.elf");
  }

  @Test
  void addressesThatAreNoneAreNamed() {
    for (String server :
        new String[] {
          "", "http://ü:1", "http://127.0.0.1:99999", "http://[::1", "http://a:b@127.0.0.1:1"
        }) {
      assertRefused("--server is \"" + server + "\": give", "ask", "x", "--server", server);
    }
    String sha256 = "0".repeat(64);
    for (String address : new String[] {"http://", "http://a b/x"}) {
      assertRefused(address + " is no address: ", "model", "import", address, "--sha256", sha256);
    }
    assertRefused("NAME is empty", "model", "unload", "", "--server", "http://127.0.0.1:1");
  }

  @Test
  void textsThatCannotBeReadAreNamed() throws IOException {
    Path broken = Files.write(terminal.home().resolve("latin1.txt"), new byte[] {'a', (byte) 0xe4});
    Path large =
        Files.writeString(terminal.home().resolve("large.txt"), "x".repeat(Question.TEXT_MAX + 1));
    String option = "--prompt-file: ";
    assertRefused(
        option + terminal.home() + " is a folder",
        "ask",
        "--prompt-file",
        terminal.home().toString());
    assertRefused(option + broken + " is not UTF-8", "ask", "--prompt-file", broken.toString());
    assertRefused(option + large + " is longer than", "ask", "--prompt-file", large.toString());
    Path none = terminal.home().resolve("none.txt");
    assertRefused(none + " is not there: check the path", "ask", "--prompt-file", none.toString());
    assertRefused("give a prompt or --prompt-file", "ask");
    assertRefused("--prompt-file is empty", "ask", "--prompt-file", "");
    assertRefused(
        "--out: " + terminal.home() + " is no file",
        "model",
        "synth",
        "--shape",
        "tiny",
        "--type",
        "Q4_0",
        "--out",
        terminal.home().toString());
  }

  @Test
  void modelsThatAreNotThereAreNamedBeforeAnythingStarts() throws IOException {
    assertRefused("there is no model nope: import its file with", "start", "--model", "nope");
    assertRefused("none.gguf is not a file: check the path", "start", "--model", "none.gguf");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      assertRefused("there is no model nope: ", "start", "--model", "nope", "--port", port);
    }
    try (var files = Files.list(terminal.home())) {
      assertEquals(0, files.count(), "nothing was made");
    }
    Path out = terminal.home().resolve("none/x.gguf");
    assertRefused(
        "--out: there is no folder " + out.getParent(),
        "model",
        "synth",
        "--shape",
        "tiny",
        "--type",
        "Q4_0",
        "--out",
        out.toString());
  }
}
