package opml.translate;

/** An entry of the symbolic operand stack. Types: I, J, F, and M for the phantom memory. */
sealed interface Value {
  char type();

  /** A known value; ints are sign-extended, floats are their bits, sign-extended. */
  record Constant(char type, long bits) implements Value {}

  record Register(char type, int id) implements Value {}

  /** A long, register + offset, not yet added: addresses fold the offset into the access. */
  record Sum(int id, long offset) implements Value {
    @Override
    public char type() {
      return 'J';
    }
  }

  record Phantom() implements Value {
    @Override
    public char type() {
      return 'M';
    }
  }

  /**
   * LCMP, FCMPL, FCMPG or (code -1) an unsigned comparison; always consumed by the branch that
   * follows.
   */
  record Comparison(int code, Value left, Value right) implements Value {
    @Override
    public char type() {
      return 'I';
    }
  }

  /** Whether this entry reads the register when it is used. */
  default boolean reads(int register) {
    return this instanceof Register(char type, int id) && id == register
        || this instanceof Sum(int base, long offset) && base == register;
  }
}
