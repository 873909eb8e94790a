package opml.browser;

/**
 * What translated code finds in linear memory, as offsets from where JavaScript gave room for it,
 * and the functions it may call.
 */
final class Room {
  /** x0 to x31 lie at the beginning. */
  static final int V = 256;

  static final int PC = 288;

  /**
   * Translation caches of reads and writes: for a slot the page's address and its place, 16 bytes.
   */
  static final int READS = 512;

  static final int SLOTS = 256;
  static final int WRITES = READS + 16 * SLOTS;

  /** A module on its way to JavaScript. */
  static final int MODULE = 16384;

  static final int MODULE_BYTES = 1 << 18;

  /** Copies of pages. */
  static final int FRAMES = MODULE + MODULE_BYTES;

  static final int FRAME_COUNT = 512;

  /** Bytes of all of it. */
  static final int BYTES = FRAMES + 4096 * FRAME_COUNT;

  /** Indices of imported functions. */
  static final int PAGE = 0;

  static final int COMPUTE = 1;

  private Room() {}
}
