package opml.inference;

/**
 * One token of a batch: whose cache it reads and extends, at which position, and who looks at it.
 */
record Lane(PlainNativeMemory memory, int position, int token, Watch watch) {}
