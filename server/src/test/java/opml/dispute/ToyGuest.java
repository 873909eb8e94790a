package opml.dispute;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import opml.machine.BytePages;
import opml.machine.RegionSizes;

/**
 * A small RV64 program assembled here: an operator per input byte mixes it into a sum in STATE, the
 * last one writes the sum as sixteen hex digits to OUTPUT and exits.
 */
final class ToyGuest {
  private static final int ROUNDS = 50;
  private final List<Integer> words = new ArrayList<>();

  private ToyGuest() {}

  static MachineProgram program() {
    RegionSizes sizes = new RegionSizes(10, 10, 5, 12, 11, 7);
    byte[] code = new ToyGuest().assemble();
    return new MachineProgram(
        sizes, new BytePages(code, sizes.code()), new BytePages(new byte[0], sizes.weights()));
  }

  /** A request (protocol section 6) with a text. */
  static byte[] input(String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer header = ByteBuffer.allocate(32 + body.length).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(4, 32).putFloat(16, 1).putInt(20, body.length).put(32, body);
    return header.array();
  }

  private byte[] assemble() {
    immediate(0, 18, 0, 1);
    immediate(1, 18, 18, 12); // x18 = second page of STATE
    load(3, 5, 18, 0); // x5 = operators done
    load(3, 6, 18, 8); // x6 = sum
    immediate(0, 7, 0, 2);
    immediate(1, 7, 7, 40); // x7 = INPUT
    load(6, 8, 7, 20); // x8 = body length
    branch(6, 5, 8, 8); // while bytes are left
    int end = words.size();
    words.add(0);
    register(0, 9, 7, 5);
    load(4, 9, 9, 32); // x9 = byte
    immediate(0, 10, 0, ROUNDS);
    immediate(0, 11, 0, 31);
    int loop = words.size();
    multiply(6, 6, 11);
    register(0, 6, 6, 9);
    immediate(0, 10, 10, -1);
    branch(1, 10, 0, 4 * (loop - words.size()));
    store(3, 6, 18, 8);
    immediate(0, 5, 5, 1);
    store(3, 5, 18, 0);
    immediate(0, 17, 0, 0);
    words.add(0x73); // YIELD
    words.set(end, jump(4 * (words.size() - end)));
    immediate(0, 12, 0, 4);
    immediate(1, 12, 12, 40); // x12 = OUTPUT
    store(2, 0, 12, 0);
    store(2, 8, 12, 4);
    store(2, 5, 12, 8);
    immediate(0, 13, 0, 16);
    store(2, 13, 12, 12);
    immediate(0, 14, 0, 60);
    int digit = words.size();
    register(5, 15, 6, 14);
    immediate(7, 15, 15, 15);
    immediate(2, 16, 15, 10);
    branch(1, 16, 0, 8);
    immediate(0, 15, 15, 39);
    immediate(0, 15, 15, 48);
    store(0, 15, 12, 16);
    immediate(0, 12, 12, 1);
    immediate(0, 14, 14, -4);
    branch(5, 14, 0, 4 * (digit - words.size()));
    immediate(0, 17, 0, 1);
    words.add(0x73); // EXIT
    ByteArrayOutputStream code = new ByteArrayOutputStream();
    for (int word : words) {
      for (int i = 0; i < 4; i++) {
        code.write(word >>> 8 * i);
      }
    }
    return code.toByteArray();
  }

  private void immediate(int funct3, int rd, int rs1, int value) {
    words.add(value << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | 0x13);
  }

  private void register(int funct3, int rd, int rs1, int rs2) {
    words.add(rs2 << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | 0x33);
  }

  private void multiply(int rd, int rs1, int rs2) {
    words.add(1 << 25 | rs2 << 20 | rs1 << 15 | rd << 7 | 0x33);
  }

  private void load(int funct3, int rd, int rs1, int offset) {
    words.add(offset << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | 0x03);
  }

  private void store(int funct3, int rs2, int rs1, int offset) {
    int high = offset >> 5 << 25;
    words.add(high | rs2 << 20 | rs1 << 15 | funct3 << 12 | (offset & 31) << 7 | 0x23);
  }

  private void branch(int funct3, int rs1, int rs2, int to) {
    int high = (to >> 12 & 1) << 31 | (to >> 5 & 63) << 25;
    int low = (to >> 1 & 15) << 8 | (to >> 11 & 1) << 7;
    words.add(high | rs2 << 20 | rs1 << 15 | funct3 << 12 | low | 0x63);
  }

  private static int jump(int to) {
    return (to >> 20 & 1) << 31
        | (to >> 1 & 1023) << 21
        | (to >> 11 & 1) << 20
        | (to >> 12 & 255) << 12
        | 0x6f;
  }
}
