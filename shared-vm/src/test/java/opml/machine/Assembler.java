package opml.machine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import opml.assembly.Registers;

/** Encodes what the disassembler writes, from tables of its own. */
final class Assembler {
  private static final Pattern MEMORY = Pattern.compile("(-?\\d+)\\((\\w+)\\)");
  private static final Map<String, Integer> REGISTER = new HashMap<>();

  static {
    for (int i = 0; i < 32; i++) {
      REGISTER.put(Registers.name(i), i);
    }
  }

  private static final List<String> LOADS = List.of("lb", "lh", "lw", "ld", "lbu", "lhu", "lwu");
  private static final List<String> STORES = List.of("sb", "sh", "sw", "sd");
  private static final List<String> VECTOR = List.of("vload", "vload4", "dotl", "doth");
  private static final List<String> BRANCHES =
      List.of("beq", "bne", "", "", "blt", "bge", "bltu", "bgeu");
  private static final List<String> IMMEDIATE =
      List.of("addi", "", "slti", "sltiu", "xori", "", "ori", "andi");
  private static final Map<String, Integer> SHIFTS =
      Map.of(
          "slli",
          0x1013,
          "srli",
          0x5013,
          "srai",
          0x40005013,
          "slliw",
          0x101b,
          "srliw",
          0x501b,
          "sraiw",
          0x4000501b);
  private static final List<String> BASE =
      List.of("add", "sll", "slt", "sltu", "xor", "srl", "or", "and");
  private static final List<String> WIDE =
      List.of("mul", "mulh", "mulhsu", "mulhu", "div", "divu", "rem", "remu");
  private static final Map<String, Integer> FLOAT =
      Map.ofEntries(
          Map.entry("fadd.s", 0x00000053),
          Map.entry("fsub.s", 0x08000053),
          Map.entry("fmul.s", 0x10000053),
          Map.entry("fdiv.s", 0x18000053),
          Map.entry("fsqrt.s", 0x58000053),
          Map.entry("fsgnj.s", 0x20000053),
          Map.entry("fsgnjn.s", 0x20001053),
          Map.entry("fsgnjx.s", 0x20002053),
          Map.entry("fmin.s", 0x28000053),
          Map.entry("fmax.s", 0x28001053),
          Map.entry("fle.s", 0xa0000053),
          Map.entry("flt.s", 0xa0001053),
          Map.entry("feq.s", 0xa0002053),
          Map.entry("fclass.s", 0xe0001053),
          Map.entry("fcvt.s.h", 0x40200053),
          Map.entry("fcvt.h.s", 0x44000053),
          Map.entry("fcvt.w.s", 0xc0000053),
          Map.entry("fcvt.wu.s", 0xc0100053),
          Map.entry("fcvt.l.s", 0xc0200053),
          Map.entry("fcvt.lu.s", 0xc0300053),
          Map.entry("fcvt.s.w", 0xd0000053),
          Map.entry("fcvt.s.wu", 0xd0100053),
          Map.entry("fcvt.s.l", 0xd0200053),
          Map.entry("fcvt.s.lu", 0xd0300053));

  private Assembler() {}

  static int word(String text, long pc) {
    int space = text.indexOf(' ');
    String name = space < 0 ? text : text.substring(0, space);
    String[] o = space < 0 ? new String[0] : text.substring(space + 1).split(", ");
    switch (name) {
      case ".word":
        return Integer.parseUnsignedInt(o[0].substring(2), 16);
      case "ecall":
        return 0x73;
      case "fence":
        return 0x0f;
      case "fence.i":
        return 0x100f;
      case "lui":
      case "auipc":
        int upper = Integer.parseInt(o[1].substring(2), 16);
        return Asm.u(name.equals("lui") ? 0x37 : 0x17, x(o[0]), upper);
      case "jal":
        return Asm.jal(x(o[0]), offset(o[1], pc));
      case "jalr":
        return memory(0x67, 0, x(o[0]), o[1]);
      case "addiw":
        return Asm.i(0x1b, 0, x(o[0]), x(o[1]), Integer.parseInt(o[2]));
      case "vload":
      case "vload4":
        return memory(0x0b, VECTOR.indexOf(name), 0, o[0]);
      default:
        return byTable(name, o, pc);
    }
  }

  private static int byTable(String name, String[] o, long pc) {
    if (BRANCHES.contains(name)) {
      return Asm.b(BRANCHES.indexOf(name), x(o[0]), x(o[1]), offset(o[2], pc));
    }
    if (LOADS.contains(name) || VECTOR.contains(name)) {
      boolean load = LOADS.contains(name);
      int funct3 = load ? LOADS.indexOf(name) : VECTOR.indexOf(name);
      return memory(load ? 0x03 : 0x0b, funct3, x(o[0]), o[1]);
    }
    if (STORES.contains(name)) {
      Matcher m = matched(o[1]);
      int imm = Integer.parseInt(m.group(1));
      return Asm.s(STORES.indexOf(name), x(m.group(2)), x(o[0]), imm);
    }
    if (IMMEDIATE.contains(name)) {
      return Asm.i(0x13, IMMEDIATE.indexOf(name), x(o[0]), x(o[1]), Integer.parseInt(o[2]));
    }
    if (SHIFTS.containsKey(name)) {
      int fields = x(o[0]) << 7 | x(o[1]) << 15 | Integer.parseInt(o[2]) << 20;
      return SHIFTS.get(name) | fields;
    }
    return FLOAT.containsKey(name) ? floating(FLOAT.get(name), o) : registers(name, o);
  }

  private static int floating(int word, String[] o) {
    String last = o[o.length - 1];
    boolean named = last.equals("rne") || last.equals("rtz");
    int operands = named ? o.length - 1 : o.length;
    boolean rounds = (word & 0x7000) == 0 && !List.of(16, 20, 80).contains(word >>> 25);
    int mode = !rounds ? 0 : named ? last.equals("rtz") ? 1 : 0 : 7;
    int third = operands == 3 ? x(o[2]) << 20 : 0;
    return word | mode << 12 | x(o[0]) << 7 | x(o[1]) << 15 | third;
  }

  private static int registers(String name, String[] o) {
    boolean minus = Arrays.asList("sub", "sra", "subw", "sraw").contains(name);
    boolean word = name.endsWith("w");
    String plain = word ? name.substring(0, name.length() - 1) : name;
    int funct3 = plain.equals("sub") ? 0 : plain.equals("sra") ? 5 : BASE.indexOf(plain);
    int funct7 = minus ? 32 : 0;
    if (WIDE.contains(plain)) {
      funct3 = WIDE.indexOf(plain);
      funct7 = 1;
    }
    return Asm.r(word ? 0x3b : 0x33, funct3, funct7, x(o[0]), x(o[1]), x(o[2]));
  }

  private static int memory(int opcode, int funct3, int rd, String operand) {
    Matcher m = matched(operand);
    return Asm.i(opcode, funct3, rd, x(m.group(2)), Integer.parseInt(m.group(1)));
  }

  private static Matcher matched(String operand) {
    Matcher m = MEMORY.matcher(operand);
    if (!m.matches()) {
      throw new IllegalArgumentException(operand);
    }
    return m;
  }

  private static int offset(String target, long pc) {
    return (int) (Long.parseUnsignedLong(target.substring(2), 16) - pc);
  }

  private static int x(String name) {
    return REGISTER.get(name);
  }
}
