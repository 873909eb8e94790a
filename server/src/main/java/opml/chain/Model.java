package opml.chain;

import java.io.ByteArrayOutputStream;
import java.util.List;
import opml.commitment.Keccak;

/**
 * A model as the chain knows it: the content of its id (protocol section 7).
 *
 * @param verifier address of the step verifier
 * @param sizes G: log2 of the leaves of CODE, INPUT, WEIGHTS, STATE, OUTPUT, SCRATCH, one byte each
 * @param codeRoot 32 bytes
 * @param weightsRoot 32 bytes
 */
public record Model(String verifier, byte[] sizes, byte[] codeRoot, byte[] weightsRoot) {
  private static final byte[] DOMAIN = {'O', 'P', 'M', 'L', 0, 0, 0, 1};

  public byte[] id() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : List.of(DOMAIN, Hex.bytes(verifier), sizes, codeRoot, weightsRoot)) {
      out.writeBytes(part);
    }
    return Keccak.hash(out.toByteArray());
  }

  List<?> tuple() {
    return List.of(verifier, sizes, codeRoot, weightsRoot);
  }
}
