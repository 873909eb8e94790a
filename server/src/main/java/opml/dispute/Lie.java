package opml.dispute;

/** What a planted liar is wrong about. */
public enum Lie {
  /** Claims other bytes than the run gave. */
  OUTPUT,
  /** A bit of memory flips after an operator, and the run goes on from there. */
  ACTIVATION,
  /** An instruction gives a wrong register, and the run goes on from there. */
  INSTRUCTION
}
