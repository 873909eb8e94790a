package opml.catalog;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import opml.commitment.Keccak;
import opml.jit.BytecodeTranslation;
import opml.machine.BytePages;
import opml.machine.Pages;
import opml.machine.RegionSizes;
import opml.machine.Translation;

/**
 * An imported model ready to run or to be disputed: the guest's code, the mapped weights and their
 * roots. Identity is docs/protocol.md section 7.
 */
public final class ModelImage implements AutoCloseable {
  /** log2 of the leaves of INPUT, 32 KiB. */
  public static final int INPUT_SIZE = 10;

  /** log2 of the leaves of OUTPUT, 64 KiB. */
  public static final int OUTPUT_SIZE = 11;

  /** log2 of the leaves of SCRATCH, 4 KiB. */
  public static final int SCRATCH_SIZE = 7;

  private static final int VM_VERSION = 1;

  private final Path directory;
  private final ModelInfo info;
  private final byte[] code;
  private final BytePages codePages;
  private final WeightsTree weights;
  private final RegionSizes sizes;
  private final Translation translation;

  private ModelImage(Path directory, ModelInfo info, WeightsTree weights) {
    this.directory = directory;
    this.info = info;
    this.code = program().code();
    this.codePages = new BytePages(code, codeSize(code.length));
    this.weights = weights;
    this.sizes =
        new RegionSizes(
            codePages.size(),
            INPUT_SIZE,
            weights.size(),
            info.stateSize(),
            OUTPUT_SIZE,
            SCRATCH_SIZE);
    this.translation = new BytecodeTranslation(codePages, codePages.size());
  }

  /** Opens the model in a directory of the store. */
  public static ModelImage open(Path directory) throws IOException {
    ModelInfo info = ModelStore.info(directory);
    WeightsTree tree;
    try {
      tree =
          WeightsTree.open(
              directory.resolve(ModelStore.WEIGHTS), directory.resolve(ModelStore.TREE));
    } catch (AccessDeniedException e) {
      throw e;
    } catch (NoSuchFileException e) {
      throw ModelStore.damaged(directory, e.getFile() + " is missing", e);
    } catch (IOException e) {
      throw ModelStore.damaged(directory, e.getMessage(), e);
    }
    if (tree.content().byteSize() != info.weightsBytes()
        || !HexFormat.of().formatHex(tree.root()).equals(info.weightsRoot().substring(2))) {
      tree.close();
      throw ModelStore.damaged(directory, "it is not what its model.json says", null);
    }
    return new ModelImage(directory, info, tree);
  }

  /**
   * Hashes all weights and compares. SAFETY: a disk may lose a bit, and each answer would be a
   * false one then; opening looks at lengths and the root only.
   *
   * @throws IOException when they are not what was imported
   */
  public void check(Progress progress) throws IOException {
    String wrong = weights.wrong(progress);
    if (wrong != null) {
      throw ModelStore.damaged(directory, wrong, null);
    }
  }

  private static int codeSize(int bytes) {
    return 32 - Integer.numberOfLeadingZeros((bytes + 31) / 32 - 1);
  }

  public String name() {
    return info.name();
  }

  /** The program that computes it. */
  public GuestProgram program() {
    return GuestProgram.of(info.architecture());
  }

  public ModelInfo info() {
    return info;
  }

  public RegionSizes sizes() {
    return sizes;
  }

  /** The image of its program. */
  public byte[] codeBytes() {
    return code.clone();
  }

  /** Content of WEIGHTS, read-only. */
  public MemorySegment weightsSegment() {
    return weights.content();
  }

  public Pages code() {
    return codePages;
  }

  /** {@link #code} as JVM bytecode, for machines that run more than some instructions. */
  public Translation translation() {
    return translation;
  }

  public Pages weights() {
    return weights;
  }

  public byte[] codeRoot() {
    return codePages.root();
  }

  public byte[] weightsRoot() {
    return weights.root();
  }

  /**
   * Content hash that names the model on a chain.
   *
   * @param verifier address of the step verifier, 20 bytes
   */
  public byte[] modelId(byte[] verifier) {
    if (verifier.length != 20) {
      throw new IllegalArgumentException(
          "the verifier's address has " + verifier.length + " bytes; 20 are needed");
    }
    ByteBuffer b = ByteBuffer.allocate(98);
    b.put("OPML".getBytes(StandardCharsets.US_ASCII))
        .putInt(VM_VERSION)
        .put(verifier)
        .put(sizes.bytes())
        .put(codeRoot())
        .put(weightsRoot());
    return Keccak.hash(b.array());
  }

  @Override
  public void close() {
    weights.close();
  }
}
