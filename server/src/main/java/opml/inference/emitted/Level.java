package opml.inference.emitted;

/** Instruction sets that kernels are written for, each with all before it. */
public enum Level {
  /** Nothing is emitted. */
  NONE,
  /** AVX2 and F16C. */
  AVX2,
  /** AVX-512 F, BW, DQ, VL and VNNI. */
  AVX512
}
