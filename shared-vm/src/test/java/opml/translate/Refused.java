package opml.translate;

import opml.guest.Bounds;
import opml.guest.Ints;
import opml.guest.Memory;

/**
 * What is not in the guest subset, one method each; the line that must be named ends in "// here".
 */
@SuppressWarnings("unused")
final class Refused {
  static final int FINE = 5;

  private Refused() {}

  static int negation(Memory m) {
    float x = m.loadF32(0);
    m.storeF32(4, -x); // here: Floats.negate
    return 0;
  }

  static int floatRemainder(Memory m) {
    float x = m.loadF32(0);
    m.storeF32(4, x % 2f); // here: float remainder
    return 0;
  }

  static int toInt(Memory m) {
    return (int) m.loadF32(0); // here: Floats.MAGIC
  }

  static int toLong(Memory m) {
    return (int) (long) m.loadF32(0); // here: Floats.MAGIC
  }

  static int division(Memory m) {
    int a = m.loadI32(0);
    return 7 / a; // here: Ints.divide
  }

  static int remainder(Memory m) {
    return (int) (7L % m.loadI64(0)); // here: Ints.divide
  }

  static int negativeDivisor(Memory m) {
    return m.loadI32(0) / -3; // here: Ints.divide
  }

  static int staticField(Memory m) {
    return Fields.counter; // here: static field
  }

  static int array(Memory m) {
    int[] a = new int[3]; // here: array
    return a[1];
  }

  static int object(Memory m) {
    Object o = new Object(); // here: no objects
    return 0;
  }

  static int string(Memory m) {
    String s = "x"; // here: constant x
    return 0;
  }

  static int exception(Memory m) {
    try {
      return m.loadI32(0); // here: exception handlers
    } catch (RuntimeException e) {
      return 1;
    }
  }

  @SuppressWarnings({"DoNotCallSuggester", "ThrowNull"})
  static int raised(Memory m) {
    throw null; // here: no objects
  }

  static int doubles(Memory m) {
    double d = m.loadI32(0); // here: double
    return 0;
  }

  static int lambda(Memory m) {
    Runnable r = () -> {}; // here: lambda
    return 0;
  }

  static int monitor(Memory m) {
    synchronized (m) { // here: exception handlers
      return 0;
    }
  }

  static int recursion(Memory m) {
    return m.loadI32(0) > 0 ? recursion(m) : 0; // here: recursion
  }

  static int library(Memory m) {
    return Math.abs(m.loadI32(0)); // here: java/lang/Math
  }

  static int virtual(Memory m) {
    return m.hashCode(); // here: only static guest methods
  }

  static int other(Memory m) {
    return Open.zero(m); // here: final
  }

  static int classWithField(Memory m) {
    return Fields.zero(m); // here: not a compile-time constant
  }

  static int classWithInitializer(Memory m) {
    return Started.zero(m); // here: static initializer
  }

  static int unbounded(Memory m) {
    int r = 0;
    for (int i = 0; i < 5; i++) { // here: without Bounds.loop
      r += i;
    }
    return r;
  }

  static int boundTooLate(Memory m) {
    int r = 0;
    for (int i = 0; i < m.loadI32(0); i++) {
      if (i == 3) {
        continue;
      }
      Bounds.loop(5); // here: first statement
      r += i;
    }
    return r;
  }

  static int boundOutside(Memory m) {
    Bounds.loop(5); // here: outside of a loop
    return 0;
  }

  static int boundTwice(Memory m) {
    int r = 0;
    while (r < m.loadI32(0)) {
      Bounds.loop(5);
      Bounds.loop(6); // here: second Bounds.loop
      r++;
    }
    return r;
  }

  static int variableBound(Memory m) {
    int n = m.loadI32(0);
    int r = 0;
    while (r < n) {
      Bounds.loop(n); // here: positive constant
      r++;
    }
    return r;
  }

  static int manyArguments(Memory m) {
    int a = m.loadI32(0);
    return wide(a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a); // here only when called
  }

  static int wide( // the method itself is named
      int a,
      int b,
      int c,
      int d,
      int e,
      int f,
      int g,
      int h,
      int i,
      int j,
      int k,
      int l,
      int m,
      int n,
      int o,
      int p,
      int q) {
    int r = 0; // here: 16 arguments
    for (int t = 0; t < 3; t++) {
      Bounds.loop(3);
      r += Ints.divide(a + b * c - d + e, f) + (g ^ h) * i - j + k * l + m - n * o + p - q;
      r ^=
          Ints.remainder(a * r, b) + (c - d) * e + (f | g) - h * (i + j) - k + l * m - n + o * p
              ^ q;
      r += Ints.divide(a * b + c - d * e, f) + (g - h) * (i ^ j) + k - l * m + n - o * p + q;
    }
    return r;
  }

  /** Has a field. */
  static final class Fields {
    static int counter;

    static int zero(Memory m) {
      return 0;
    }
  }

  /** Has a static initializer. */
  static final class Started {
    static {
      System.nanoTime();
    }

    static int zero(Memory m) {
      return 0;
    }
  }

  /** Not final. */
  static class Open {
    static int zero(Memory m) {
      return 0;
    }
  }
}
