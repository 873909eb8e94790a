package opml.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.smallrye.openapi.runtime.OpenApiDocumentService;
import io.smallrye.openapi.runtime.io.Format;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which methods an address takes, by the description of the interface. */
@Singleton
class Methods {
  private static final Set<String> ALL = Set.of("GET", "POST", "PUT", "DELETE", "PATCH");

  private final Map<Pattern, String> byAddress = new LinkedHashMap<>();

  /** Names of models hold slashes. */
  private final Map<Pattern, String> byMoreThanOneName = new LinkedHashMap<>();

  Methods(OpenApiDocumentService description) {
    byte[] document = description.getDocument(Format.JSON);
    JsonNode paths = Json.tree(new String(document, StandardCharsets.UTF_8)).path("paths");
    for (Map.Entry<String, JsonNode> path : paths.properties()) {
      Set<String> methods = new TreeSet<>(Set.of("OPTIONS"));
      path.getValue().fieldNames().forEachRemaining(name -> add(methods, name));
      byAddress.put(pattern(path.getKey(), "[^/]+"), String.join(", ", methods));
      byMoreThanOneName.put(pattern(path.getKey(), ".+"), String.join(", ", methods));
    }
  }

  private static void add(Set<String> methods, String name) {
    String method = name.toUpperCase(Locale.ROOT);
    if (ALL.contains(method)) {
      methods.add(method);
    }
    if (method.equals("GET")) {
      methods.add("HEAD");
    }
  }

  /** Any text stands for what is in braces. */
  private static Pattern pattern(String address, String name) {
    String any = Matcher.quoteReplacement("\\E" + name + "\\Q");
    return Pattern.compile("\\Q" + address.replaceAll("\\{[^}]*\\}", any) + "\\E");
  }

  /** Separated by commas; null of an address that is not described. */
  String of(String path) {
    return Stream.of(byAddress, byMoreThanOneName)
        .flatMap(addresses -> addresses.entrySet().stream())
        .filter(address -> address.getKey().matcher(path).matches())
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }
}
