package opml.receipt;

import io.quarkus.panache.common.Parameters;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import opml.http.Problem;

/**
 * Which receipts a reader looks for.
 *
 * @param model name, or null for any
 * @param status or null for any
 * @param words all of them in the question or in the answer, in lower case; none for any text
 */
record Wanted(String model, Receipt.Status status, List<String> words) {
  private static final int TEXT_MAX = 200;

  /** Reads the query parameters {@code model}, {@code status} and {@code text}. */
  static Wanted of(String model, String status, String text) {
    if (text != null && text.length() > TEXT_MAX) {
      throw Problem.invalid("text", "text must have at most " + TEXT_MAX + " characters.");
    }
    if (model != null && model.indexOf('\0') >= 0) {
      throw Problem.invalid("model", "model must be the name of a model.");
    }
    String words = text == null ? "" : text.toLowerCase(Locale.ROOT).strip();
    return new Wanted(
        model, status(status), words.isEmpty() ? List.of() : List.of(words.split("\\s+")));
  }

  private static Receipt.Status status(String name) {
    return name == null
        ? null
        : Stream.of(Receipt.Status.values())
            .filter(status -> status.name().equals(name))
            .findAny()
            .orElseThrow(
                () ->
                    Problem.invalid(
                        "status",
                        Arrays.stream(Receipt.Status.values())
                            .map(Enum::name)
                            .collect(Collectors.joining(", ", "status must be one of ", "."))));
  }

  /** Model and state as a condition on the rows before a sequence; the words are left out. */
  String condition() {
    return "sequence < :before"
        + (model == null ? "" : " and model = :model")
        + (status == null ? "" : " and status = :status");
  }

  Parameters parameters(long before) {
    Parameters all = Parameters.with("before", before);
    if (model != null) {
      all.and("model", model);
    }
    return status == null ? all : all.and("status", status);
  }
}
