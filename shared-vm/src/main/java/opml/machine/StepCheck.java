package opml.machine;

/** Someone who verifies one step from its witness alone. */
@FunctionalInterface
public interface StepCheck {
  /**
   * Hashes of the states before and after the step, 64 bytes.
   *
   * @param boundary whether the step's index is a multiple of 2^24
   */
  byte[] verify(byte[] witness, boolean boundary);
}
