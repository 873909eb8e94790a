package opml.translate;

import static org.objectweb.asm.Opcodes.*;

/**
 * Says in words why an instruction of the class file is not in the guest subset, and what to write
 * instead.
 */
final class Refusals {
  private Refusals() {}

  static String reason(int opcode) {
    return switch (opcode) {
      case FNEG -> "float negation (-x): use Floats.negate";
      case FREM -> "float remainder (%) is not in the guest subset";
      case F2I, F2L -> "conversion of a float to an integer: add Floats.MAGIC and use Floats.bits";
      case IDIV, LDIV, IREM, LREM ->
          "division by something else than a positive constant: use Ints.divide or Ints.remainder";
      case GETSTATIC, PUTSTATIC -> "a static field that is not a compile-time constant";
      case GETFIELD, PUTFIELD -> "an instance field: guest code has no objects";
      case NEW,
          ACONST_NULL,
          ARETURN,
          CHECKCAST,
          INSTANCEOF,
          ALOAD,
          ASTORE,
          IF_ACMPEQ,
          IF_ACMPNE,
          IFNULL,
          IFNONNULL ->
          "a reference other than the Memory parameter: guest code has no objects";
      case NEWARRAY, ANEWARRAY, MULTIANEWARRAY, ARRAYLENGTH ->
          "an array: keep tables and buffers in Memory";
      case ATHROW -> "an exception: answer with a status instead";
      case MONITORENTER, MONITOREXIT -> "a monitor: guest code is single-threaded";
      case INVOKEDYNAMIC -> "a lambda or string concatenation is not in the guest subset";
      case DUP_X1, DUP_X2, DUP2_X1, DUP2_X2, SWAP ->
          "an assignment inside an expression: make it a statement";
      default -> {
        if (opcode >= IALOAD && opcode <= SALOAD || opcode >= IASTORE && opcode <= SASTORE) {
          yield "an array: keep tables and buffers in Memory";
        }
        yield "double arithmetic or another instruction (" + opcode + ") outside the guest subset";
      }
    };
  }
}
