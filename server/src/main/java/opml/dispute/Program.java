package opml.dispute;

import opml.chain.Model;
import opml.machine.RegionSizes;

/** A guest image with its weights, able to run on an input any number of times. */
public interface Program {
  RegionSizes sizes();

  /** Merkle root of the CODE region. */
  byte[] codeRoot();

  /** Merkle root of the WEIGHTS region. */
  byte[] weightsRoot();

  /** A run from s(0) on the input bytes of a request. */
  Replay start(byte[] input);

  /** The model under a step verifier's address. */
  default Model model(String verifier) {
    return new Model(verifier, sizes().bytes(), codeRoot(), weightsRoot());
  }
}
