package opml.guest;

/**
 * Where the VM would reach the FAULT state: a misaligned or out-of-range access, a refused store.
 */
public final class GuestFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes a fault.
   *
   * @param message what was accessed and why it is refused
   */
  public GuestFault(String message) {
    super(message);
  }
}
