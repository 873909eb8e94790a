package opml.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import opml.catalog.Progress;

/** Results on standard output as JSON; progress on standard error. */
final class Out {
  static final ObjectMapper JSON = new ObjectMapper();

  private Out() {}

  static void json(Object value) throws IOException {
    System.out.println(JSON.writeValueAsString(value));
  }

  /**
   * Models and servers can write any byte: what steers a terminal is not shown; --json has it all.
   */
  static String shown(String text) {
    return text.replaceAll("[\\x00-\\x1f\\x7f-\\x9f&&[^\n\t]]", "\ufffd");
  }

  /** A model that keeps nobody from the others. */
  static void damaged(String damage) {
    System.err.println(shown("opml: " + damage));
  }

  /** One line that counts, only where a person looks or when a phase begins. */
  static Progress progress() {
    return new Progress() {
      private final boolean live = StandardError.isTerminal();
      private String phase = "";
      private long last;

      @Override
      public synchronized void at(String what, long done, long total) {
        boolean fresh = !what.equals(phase);
        long now = System.nanoTime();
        if (!fresh && (!live || now - last < 100_000_000 && done < total)) {
          return;
        }
        if (live && fresh && !phase.isEmpty()) {
          System.err.println();
        }
        phase = what;
        last = now;
        long percent = total > 0 ? 100 * done / total : 0;
        System.err.print(live ? "\r" + what + " " + percent + " %  " : what + " …\n");
        if (live && done >= total) {
          System.err.println();
          phase = "";
        }
      }
    };
  }
}
