package opml.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import opml.assembly.Disassembler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disassembler writes what GNU objdump writes, where that is installed. */
final class ObjdumpTest {
  private static final String TOOLS = "riscv64-unknown-elf-";
  private static final int WORDS = 5000;

  @TempDir private Path folder;

  @Test
  void textIsThatOfObjdump() throws IOException, InterruptedException {
    assumeTrue(installed(), TOOLS + "objdump is not installed");
    List<Integer> words = words();
    StringBuilder source = new StringBuilder();
    words.forEach(w -> source.append(".insn 4, 0x").append(Integer.toHexString(w)).append('\n'));
    Path assembly = Files.writeString(folder.resolve("words.s"), source);
    String object = folder.resolve("words.o").toString();
    run("as", "-march=rv64im_zifencei_zfinx_zhinxmin", "-o", object, assembly.toString());
    List<String> listing = run("objdump", "-d", "-M", "no-aliases", object);
    List<String> theirs = listing.stream().filter(l -> l.matches(" *[0-9a-f]+:\t.*")).toList();
    assertEquals(words.size(), theirs.size());
    for (int i = 0; i < words.size(); i++) {
      String[] columns = theirs.get(i).split("\t", 3);
      String own = Disassembler.text(words.get(i), 4L * i);
      assertEquals(plain(columns[2]), plain(own), columns[1]);
    }
  }

  /** Words that both know: objdump lacks Xopml, and prints the fields of a fence. */
  private static List<Integer> words() {
    Random r = new Random(9);
    List<Integer> words = new ArrayList<>();
    while (words.size() < WORDS) {
      int word = RandomWords.word(r);
      boolean known = (word & 127) != 0x0b && (word & 127) != 0x0f;
      if (known && (Decoder.decode(word) & 255) != Op.ILLEGAL) {
        words.add(word);
      }
    }
    return words;
  }

  /** One form of numbers and separators; the widening conversion is exact and rounds nothing. */
  private static String plain(String text) {
    String[] parts = text.replaceAll("<.*|#.*", "").replace("\t", " ").split("[ ,()]+");
    if (parts[0].equals("fcvt.s.h") && parts[parts.length - 1].equals("rne")) {
      parts[parts.length - 1] = "";
    }
    boolean jump = parts[0].equals("jal") || parts[0].startsWith("b");
    for (int i = 1; i < parts.length; i++) {
      boolean bare = jump && i == parts.length - 1 && !parts[i].startsWith("0x");
      if (bare || parts[i].startsWith("0x")) {
        parts[i] = Long.toString(Long.parseUnsignedLong(parts[i].replace("0x", ""), 16));
      }
    }
    return String.join(" ", parts).trim();
  }

  private List<String> run(String tool, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(TOOLS + tool));
    command.addAll(List.of(arguments));
    Path out = folder.resolve(tool + ".txt");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Process p = builder.redirectOutput(out.toFile()).start();
    assertEquals(true, p.waitFor(60, TimeUnit.SECONDS) && p.exitValue() == 0, tool + " failed");
    return Files.readAllLines(out);
  }

  private static boolean installed() {
    for (String folder : System.getenv("PATH").split(java.io.File.pathSeparator)) {
      if (Files.isExecutable(Path.of(folder, TOOLS + "objdump"))) {
        return true;
      }
    }
    return false;
  }
}
