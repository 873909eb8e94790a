package opml.chain;

import java.util.ArrayList;
import java.util.List;

/** Names of the custom errors of all contracts. */
final class Errors {
  private static final List<Abi> KNOWN = new ArrayList<>();

  private Errors() {}

  static void know(Abi abi) {
    synchronized (KNOWN) {
      KNOWN.add(abi);
    }
  }

  static String describe(byte[] data, String otherwise) {
    synchronized (KNOWN) {
      for (Abi abi : KNOWN) {
        String error = abi.error(data);
        if (error != null) {
          return error;
        }
      }
    }
    return String.valueOf(otherwise);
  }
}
