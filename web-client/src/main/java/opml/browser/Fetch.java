package opml.browser;

import org.teavm.interop.Import;

/** Fetches pages while the machine waits: JavaScript asks the server in the worker's own thread. */
final class Fetch {
  private Fetch() {}

  /** Pages and their proof, which come into {@code buffer} first. */
  static byte[] pages(int region, int first, int count, int buffer, int bytes) {
    int length = request(region, first, count, buffer, bytes);
    if (length < 0) {
      throw new IllegalStateException(
          "the server did not send the pages that the operator needs: try again");
    }
    return Linear.read(buffer, length);
  }

  /** Returns the length of what came; -1 when nothing came that fits. */
  @Import(module = "fetched", name = "pages")
  private static native int request(int region, int first, int count, int buffer, int bytes);
}
