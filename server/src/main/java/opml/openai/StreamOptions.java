package opml.openai;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a client may ask of a stream; without effect is only include_obfuscation. */
record StreamOptions(
    @JsonProperty("include_usage") Boolean includeUsage,
    @JsonProperty("include_obfuscation") Boolean includeObfuscation) {}
