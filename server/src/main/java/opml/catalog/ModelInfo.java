package opml.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What {@code model.json} says of an imported model; hex is 0x lower case.
 *
 * @param name name in the store
 * @param licence as the file or the catalogue states it
 * @param architecture "llama", "qwen2" or "perceptron"
 * @param quantization type of most matrices; "Q8_0 from F16" where floats were quantized
 * @param form "exact" (largest activation magnitude 16383) or "fast" (1023)
 * @param parameters values of all tensors
 * @param context positions; of a perceptron the bytes of an image
 * @param vocabulary tokens; of a perceptron its classes
 * @param layers number of layers
 * @param dim residual width; of a perceptron the bytes of an image
 * @param sha256 of the file that was imported
 * @param fileBytes its length
 * @param weightsBytes length of the WEIGHTS content
 * @param weightsSize log2 of the leaves of WEIGHTS
 * @param stateSize log2 of the leaves of STATE
 * @param weightsRoot root of WEIGHTS
 * @param gate precision against float activations, null when it was not measured
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelInfo(
    String name,
    String licence,
    String architecture,
    String quantization,
    String form,
    long parameters,
    int context,
    int vocabulary,
    int layers,
    int dim,
    String sha256,
    long fileBytes,
    long weightsBytes,
    int weightsSize,
    int stateSize,
    String weightsRoot,
    Gate gate) {
  /**
   * Precision of the model against float activations on the same weights.
   *
   * @param meanKl mean KL divergence in nats
   * @param top1 share of positions with the same most likely token, 0 to 1
   * @param positions how many were compared
   * @param passed whether both are inside the limits of the model's form: mean KL at most 1e-5 and
   *     top-1 at least 99.8 % (or two positions that differ) in the exact form, mean KL at most
   *     1e-4 in the fast one
   */
  public record Gate(double meanKl, double top1, int positions, boolean passed) {}

  /** Whether all is there that others rely on; the file may have been damaged or edited. */
  boolean isWhole() {
    return Stream.of(name, licence, architecture, quantization, form, sha256)
            .noneMatch(Objects::isNull)
        && weightsRoot != null
        && weightsRoot.matches("0x[0-9a-f]{64}");
  }

  /** The same model with gate figures. */
  public ModelInfo withGate(Gate g) {
    return new ModelInfo(
        name,
        licence,
        architecture,
        quantization,
        form,
        parameters,
        context,
        vocabulary,
        layers,
        dim,
        sha256,
        fileBytes,
        weightsBytes,
        weightsSize,
        stateSize,
        weightsRoot,
        g);
  }
}
