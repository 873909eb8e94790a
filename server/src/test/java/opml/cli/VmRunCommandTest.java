package opml.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class VmRunCommandTest {
  /** li x5, 9; sd x5 at 0x80000048; fsqrt.s x7, x5; li a7, 93; li a0, 0; ecall. */
  private static final int[] PROGRAM = {
    0x00900293, 0x00000317, 0x04533223, 0x5802f3d3, 0x05d00893, 0x00000513, 0x00000073
  };

  private static final List<String> KEYS =
      List.of("file", "status", "exitCode", "steps", "state", "passed", "verified", "evmVerified");

  @TempDir Path folder;

  private Path program(int[] words) throws IOException {
    ByteBuffer b = ByteBuffer.allocate(120 + 4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    long address = 0x80000000L;
    b.putInt(0x464c457f).put((byte) 2).put((byte) 1).position(18);
    b.putShort((short) 243).position(24);
    b.putLong(address).putLong(64).position(54);
    b.putShort((short) 56).putShort((short) 1).position(64);
    b.putInt(1).putInt(7).putLong(120).putLong(address).putLong(address);
    b.putLong(4L * words.length).putLong(4096).putLong(4096);
    for (int w : words) {
      b.putInt(w);
    }
    return Files.write(folder.resolve("program.elf"), b.array());
  }

  private static int run(StringWriter out, String... args) {
    return new CommandLine(new VmCommand()).setOut(new PrintWriter(out, true)).execute(args);
  }

  @Test
  void bothVerifiersConfirmEveryStep() throws IOException {
    StringWriter out = new StringWriter();
    String file = program(PROGRAM).toString();
    int code =
        run(out, "run", file, "--riscv-tests", "--verify-every=1", "--evm-every=1", "--json");
    JsonNode line = new ObjectMapper().readTree(out.toString());
    assertEquals(0, code, out.toString());
    assertEquals("exit", line.get("status").asText());
    assertEquals(6, line.get("steps").asLong());
    assertEquals(6, line.get("verified").asLong());
    assertEquals(6, line.get("evmVerified").asLong());
    assertTrue(line.get("state").asText().matches("0x[0-9a-f]{64}"));
  }

  @Test
  void aFaultAndABrokenFileFailTheCommand() throws IOException {
    StringWriter out = new StringWriter();
    Path broken = Files.write(folder.resolve("broken.elf"), new byte[10]);
    String faulty = program(new int[] {0}).toString();
    assertEquals(1, run(out, "run", faulty, broken.toString(), "--json"));
    String[] lines = out.toString().split("\n");
    assertTrue(lines[0].contains("\"status\":\"fault\""), lines[0]);
    assertTrue(lines[1].contains("ELF magic is wrong"), lines[1]);
    for (String line : lines) {
      JsonNode json = new ObjectMapper().readTree(line);
      for (String key : KEYS) {
        assertTrue(json.has(key), key + " in " + line);
      }
    }
  }

  @Test
  void withoutJsonAPersonReadsWhatHappened() throws IOException {
    StringWriter out = new StringWriter();
    Path broken = Files.write(folder.resolve("broken.elf"), new byte[10]);
    assertEquals(
        1, run(out, "run", program(PROGRAM).toString(), broken.toString(), "--riscv-tests"));
    String[] lines = out.toString().split("\n");
    assertTrue(
        lines[0].endsWith("program.elf: passed (6 steps, 0 by StepVerifier, 0 by the contract)"));
    assertTrue(lines[1].contains("broken.elf: failed, ELF magic is wrong"), lines[1]);
  }
}
