package opml.inference;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import opml.catalog.ActivationForm;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.catalog.Progress;
import opml.catalog.Synthesis;
import opml.request.Answer;
import opml.request.Request;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every tensor type of GGUF in every architecture: imported, answered, and audited throughout. */
class EveryFormatTest {
  private static final List<String> TYPES =
      List.of(
          "F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K", "Q4_K",
          "Q5_K", "Q6_K", "Q4_K_M");

  @TempDir private Path folder;

  static Stream<Arguments> models() {
    return Stream.of("tiny", "tiny-qwen2")
        .flatMap(shape -> TYPES.stream().map(type -> Arguments.of(shape, type)));
  }

  @ParameterizedTest
  @MethodSource("models")
  void nativeStatesAreThoseOfTheMachineAfterEveryOperator(String shape, String type)
      throws IOException {
    Path file = folder.resolve("m.gguf");
    Synthesis.write(file, shape, type, 7, Progress.NONE);
    ModelStore store = new ModelStore(folder);
    store.importFile(file, "m", null, ActivationForm.EXACT, Progress.NONE);
    byte[] input = Request.ask("Hi", 2).encode();
    try (ModelImage image = store.open("m", Progress.NONE);
        Engine engine = new Engine(image, 2);
        Run run = engine.start(input)) {
      Audit audit = new Audit(image, input);
      while (!run.exited()) {
        assertTrue(audit.operator(run), "operator " + run.operators() + " " + run.faultReason());
      }
      Answer answer = Answer.decode(run.output());
      // random weights may choose the token that ends the answer, but not fail
      boolean ended =
          answer.status() == Answer.Status.STOP
              || answer.status() == Answer.Status.LENGTH && answer.completionTokens() == 2;
      assertTrue(ended, answer.status() + " after " + answer.completionTokens() + " tokens");
    }
  }
}
