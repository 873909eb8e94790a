package opml.inference;

/** One token of a batch: whose cache it reads and extends, and at which position. */
record Lane(PlainNativeMemory memory, int position, int token) {}
