package opml.translate;

import static org.objectweb.asm.Opcodes.*;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import opml.translate.Value.Comparison;
import opml.translate.Value.Constant;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;

/**
 * Lowers conditional branches, fused with the comparison before them, and switches as compare
 * trees.
 */
final class Branches {
  private final Lowering lowering;
  private final Code code;

  Branches(Lowering lowering, Code code) {
    this.lowering = lowering;
    this.code = code;
  }

  void conditional(int opcode, LabelNode label) {
    Frame frame = lowering.frame;
    Value right = opcode >= IF_ICMPEQ ? frame.pop() : new Constant('I', 0);
    Value left = frame.pop();
    int test = opcode >= IF_ICMPEQ ? opcode - IF_ICMPEQ + IFEQ : opcode;
    if (left instanceof Comparison(int kind, Value x, Value y)) {
      if (kind == FCMPL || kind == FCMPG) {
        floating(kind, test, code.register(x), code.register(y), label);
        return;
      }
      integer(test, kind == -1, x, y, label);
    } else {
      integer(test, false, left, right, label);
    }
  }

  private void integer(int test, boolean unsigned, Value x, Value y, LabelNode label) {
    if (x instanceof Constant(char t, long a) && y instanceof Constant(char u, long b)) {
      int order = unsigned ? Long.compareUnsigned(a, b) : Long.compare(a, b);
      if (holds(test, order)) {
        lowering.flow(label);
        code.end(lowering.frame.block(label));
      }
      return;
    }
    int a = code.register(x);
    int b = code.register(y);
    Op less = unsigned ? Op.BLTU : Op.BLT;
    Op notLess = unsigned ? Op.BGEU : Op.BGE;
    switch (test) {
      case IFEQ -> branch(Op.BEQ, a, b, label);
      case IFNE -> branch(Op.BNE, a, b, label);
      case IFLT -> branch(less, a, b, label);
      case IFGE -> branch(notLess, a, b, label);
      case IFGT -> branch(less, b, a, label);
      default -> branch(notLess, b, a, label);
    }
  }

  private static boolean holds(int test, int order) {
    return switch (test) {
      case IFEQ -> order == 0;
      case IFNE -> order != 0;
      case IFLT -> order < 0;
      case IFGE -> order >= 0;
      case IFGT -> order > 0;
      default -> order <= 0;
    };
  }

  /**
   * A NaN makes FCMPG give 1 and FCMPL give -1; the feq, flt and fle of the machine give 0 (D10).
   */
  private void floating(int kind, int test, int x, int y, LabelNode label) {
    boolean greater = kind == FCMPG;
    switch (test) {
      case IFEQ -> floating(Op.FEQ, x, y, Op.BNE, label);
      case IFNE -> floating(Op.FEQ, x, y, Op.BEQ, label);
      case IFLT ->
          floating(
              greater ? Op.FLT : Op.FLE,
              greater ? x : y,
              greater ? y : x,
              greater ? Op.BNE : Op.BEQ,
              label);
      case IFGE ->
          floating(
              greater ? Op.FLT : Op.FLE,
              greater ? x : y,
              greater ? y : x,
              greater ? Op.BEQ : Op.BNE,
              label);
      case IFGT ->
          floating(
              greater ? Op.FLE : Op.FLT,
              greater ? x : y,
              greater ? y : x,
              greater ? Op.BEQ : Op.BNE,
              label);
      default ->
          floating(
              greater ? Op.FLE : Op.FLT,
              greater ? x : y,
              greater ? y : x,
              greater ? Op.BNE : Op.BEQ,
              label);
    }
  }

  private void floating(Op op, int x, int y, Op test, LabelNode label) {
    branch(test, code.make(op, x, y, 0), 0, label);
  }

  private void branch(Op op, int a, int b, LabelNode label) {
    lowering.flow(label);
    code.branch(op, a, b, lowering.frame.block(label), lowering.frame.where());
  }

  void table(TableSwitchInsnNode table) {
    TreeMap<Integer, LabelNode> cases = new TreeMap<>();
    for (int i = 0; i < table.labels.size(); i++) {
      if (table.labels.get(i) != table.dflt) {
        cases.put(table.min + i, table.labels.get(i));
      }
    }
    select(cases, table.dflt);
  }

  void lookup(LookupSwitchInsnNode lookup) {
    TreeMap<Integer, LabelNode> cases = new TreeMap<>();
    for (int i = 0; i < lookup.keys.size(); i++) {
      cases.put(lookup.keys.get(i), lookup.labels.get(i));
    }
    select(cases, lookup.dflt);
  }

  private void select(SortedMap<Integer, LabelNode> cases, LabelNode other) {
    Value value = lowering.frame.pop();
    if (value instanceof Constant(char type, long bits)) {
      LabelNode label = cases.getOrDefault((int) bits, other);
      lowering.flow(label);
      code.end(lowering.frame.block(label));
      return;
    }
    int key = code.register(value);
    Set<LabelNode> targets = new LinkedHashSet<>(cases.values());
    targets.add(other);
    targets.forEach(lowering::flow);
    tree(key, List.copyOf(cases.entrySet()), other);
  }

  private void tree(int key, List<Map.Entry<Integer, LabelNode>> cases, LabelNode other) {
    Frame frame = lowering.frame;
    if (cases.size() > 3) {
      int middle = cases.size() / 2;
      Block left = new Block(frame.where());
      code.branch(Op.BLT, key, code.constant(cases.get(middle).getKey()), left, frame.where());
      tree(key, cases.subList(middle, cases.size()), other);
      code.begin(left);
      tree(key, cases.subList(0, middle), other);
      return;
    }
    for (Map.Entry<Integer, LabelNode> one : cases) {
      code.branch(
          Op.BEQ, key, code.constant(one.getKey()), frame.block(one.getValue()), frame.where());
    }
    code.end(frame.block(other));
  }
}
