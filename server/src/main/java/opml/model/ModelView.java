package opml.model;

import java.util.HexFormat;
import opml.catalog.ModelInfo;
import opml.http.Hex;

/**
 * A model as clients see it.
 *
 * @param id its name here; modelId is its identity everywhere
 * @param architecture llama, or perceptron: one that reads images
 * @param parameters decimal string, as are the byte counts
 * @param form exact or fast
 * @param sizes log2 of the leaves of CODE, INPUT, WEIGHTS, STATE, OUTPUT, SCRATCH, six bytes
 * @param sha256 of the file that was imported
 * @param halted why nothing of it is claimed or signed; null while all is well
 */
record ModelView(
    String id,
    String modelId,
    String name,
    String licence,
    String architecture,
    String parameters,
    String quantization,
    String form,
    int context,
    String weightsBytes,
    String codeBytes,
    String sizes,
    String codeRoot,
    String weightsRoot,
    String sha256,
    ModelInfo.Gate gate,
    Halts.Why halted) {
  static ModelView of(Model m, Halts halts) {
    ModelInfo info = m.image().info();
    return new ModelView(
        m.name(),
        Hex.of(m.id()),
        m.name(),
        info.licence(),
        info.architecture(),
        Long.toString(info.parameters()),
        info.quantization(),
        info.form(),
        info.context(),
        Long.toString(info.weightsBytes()),
        Integer.toString(m.image().codeBytes().length),
        "0x" + HexFormat.of().formatHex(m.image().sizes().bytes()),
        Hex.of(m.image().codeRoot()),
        Hex.of(m.image().weightsRoot()),
        info.sha256(),
        info.gate(),
        halts.of(m).orElse(null));
  }
}
