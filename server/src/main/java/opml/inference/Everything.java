package opml.inference;

import java.lang.foreign.MemorySegment;

/**
 * All memory of the process, by absolute address: for twins whose operands are in many segments.
 */
final class Everything {
  static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private Everything() {}
}
