package opml.translate;

import java.util.ArrayList;
import java.util.List;

/** A node of a random program: mutable, so that a failing program can be shrunk in place. */
final class Node {
  /** What a node is; expressions first, conditions, then statements. */
  enum Kind {
    CONSTANT,
    VARIABLE,
    UNARY,
    BINARY,
    CHOICE,
    LOAD,
    INTRINSIC,
    CALL,
    COMPARE,
    ASSIGN,
    INCREMENT,
    STORE,
    VECTOR,
    IF,
    LOOP,
    REPEAT,
    SWITCH,
    BREAK,
    BLOCK
  }

  Kind kind;
  final char type;
  long value;
  List<Node> children;

  Node(Kind kind, char type, long value, Node... children) {
    this.kind = kind;
    this.type = type;
    this.value = value;
    this.children = new ArrayList<>(List.of(children));
  }

  boolean expression() {
    return kind.ordinal() < Kind.COMPARE.ordinal();
  }

  boolean statement() {
    return kind.ordinal() > Kind.COMPARE.ordinal();
  }

  /** This node and all below. */
  List<Node> all() {
    List<Node> result = new ArrayList<>(List.of(this));
    children.forEach(c -> result.addAll(c.all()));
    return result;
  }

  @Override
  public String toString() {
    return kind + " " + type + " " + value + (children.isEmpty() ? "" : " " + children);
  }
}
