package opml.openai;

import com.fasterxml.jackson.databind.JsonNode;
import opml.http.Problem;
import opml.prompt.Submission;

/** What requests for completions of both forms have, beside what they ask. */
interface CompletionRequest {
  Boolean stream();

  StreamOptions streamOptions();

  JsonNode stop();

  Integer n();

  Double frequencyPenalty();

  Double presencePenalty();

  JsonNode logitBias();

  /** Refuses fields of this form alone that would change the answer and that we don't have. */
  void refuse();

  /** What is asked, once nothing is to be refused. */
  Submission asked();

  /** What is asked, or a problem that names the field at fault. */
  default Submission submission() {
    Fields.refuse("n", n() != null && n() != 1);
    refuse();
    Fields.refuse("frequency_penalty", frequencyPenalty() != null && frequencyPenalty() != 0);
    Fields.refuse("presence_penalty", presencePenalty() != null && presencePenalty() != 0);
    Fields.refuse("logit_bias", Fields.given(logitBias()));
    return asked();
  }

  default boolean streamed() {
    if (streamOptions() != null && !Boolean.TRUE.equals(stream())) {
      throw Problem.invalid("stream_options", "stream_options is only allowed with stream.");
    }
    return Boolean.TRUE.equals(stream());
  }

  default boolean usage() {
    return streamOptions() != null && Boolean.TRUE.equals(streamOptions().includeUsage());
  }
}
