package opml.machine;

/**
 * Instructions that run one after the other, entered at the first.
 *
 * @param first index of the first one, in words from the base of CODE
 * @param length their number; the last one may branch, jump or be one for the interpreter
 */
record Block(int first, int length) {}
