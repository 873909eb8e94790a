package opml.translate;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Places routines and their frames, and puts the entry stub in front. */
final class Linker {
  static final long BASE = 1L << 40;
  private static final long SCRATCH = 5L << 40;
  private static final int WINDOW = 4096;
  private static final int RESULT = Lowering.ARGUMENT;
  private static final int ECALL_NUMBER = 17;

  private final List<Routine> routines;
  private final Routine entry;
  private final Map<Routine, Integer> places = new HashMap<>();
  private final Map<Routine, Integer> frames = new HashMap<>();

  private Linker(List<Routine> routines, Routine entry) {
    this.routines = routines;
    this.entry = entry;
  }

  /** Routines come callees first; they are laid out callers first. */
  static Image link(List<Routine> routines, Routine entry) {
    return new Linker(routines, entry).link();
  }

  private Image link() {
    List<Integer> stub = new ArrayList<>(Encoder.constant(Operands.SCRATCH, SCRATCH + WINDOW / 2));
    int call = stub.size();
    stub.add(0);
    // step() gives 0 for YIELD, anything else for EXIT
    stub.add(Encoder.word(Op.SLTU, ECALL_NUMBER, 0, RESULT, 0));
    stub.add(Encoder.ECALL);
    int size = stub.size();
    for (Routine routine : routines.reversed()) {
      places.put(routine, size);
      size += routine.code.length;
      place(routine);
    }
    stub.set(call, Encoder.jump(1, (places.get(entry) - call) * 4));
    ByteBuffer code = ByteBuffer.allocate(size * 4).order(ByteOrder.LITTLE_ENDIAN);
    stub.forEach(code::putInt);
    List<Image.Symbol> symbols = new ArrayList<>();
    for (Routine routine : routines.reversed()) {
      complete(routine);
      for (int word : routine.code) {
        code.putInt(word);
      }
      symbols.add(
          new Image.Symbol(
              routine.name,
              BASE + 4L * places.get(routine),
              routine.code.length,
              routine.single.all()));
    }
    return new Image(code.array(), symbols, entry.single.all() + stub.size(), chain());
  }

  /** Callers come before: the frame begins after the longest of theirs. */
  private void place(Routine routine) {
    int start = frames.getOrDefault(routine, 0);
    frames.put(routine, start);
    int end = start + routine.slots;
    if (end * 8 > WINDOW) {
      throw new SubsetException(
          routine.name, "more than " + WINDOW + " bytes of spilled values; split the method");
    }
    routine.callees.forEach(c -> frames.merge(c, end, Math::max));
  }

  private void complete(Routine routine) {
    for (Routine.Fixup fixup : routine.fixups) {
      int word = fixup.word();
      if (fixup.callee() != null) {
        int from = places.get(routine) + word;
        routine.code[word] = Encoder.jump(1, (places.get(fixup.callee()) - from) * 4);
        continue;
      }
      int offset = (frames.get(routine) + fixup.slot()) * 8 - WINDOW / 2;
      routine.code[word] |=
          fixup.store() ? Encoder.word(Op.SB, 0, 0, 0, offset) & 0xfe000f80 : offset << 20;
    }
  }

  private List<String> chain() {
    List<String> lines = new ArrayList<>();
    String times = "";
    for (Routine r = entry; r != null; r = r.heaviestCallee) {
      lines.add(r.name + " " + r.single.all() + (times.isEmpty() ? "" : ", called " + times));
      times = r.heaviest;
    }
    entry
        .repeated
        .totals()
        .forEach((site, cost) -> lines.add("total bound at " + site + " " + cost));
    return lines;
  }
}
