package opml.cli;

/**
 * A command of another package, found by {@link java.util.ServiceLoader}: a public class with a
 * picocli {@code Command} annotation, named in META-INF/services.
 */
public interface Subcommand {}
