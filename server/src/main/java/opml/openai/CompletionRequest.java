package opml.openai;

import com.fasterxml.jackson.databind.JsonNode;
import opml.http.Problem;
import opml.prompt.Submission;

/** What requests for completions of both forms have, beside what they ask. */
interface CompletionRequest {
  Boolean stream();

  StreamOptions streamOptions();

  JsonNode stop();

  /** What is asked, or a problem that names the field at fault. */
  Submission submission();

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
