package opml.http;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Who may do what only the operator may: whoever can read the file {@code operator.key} in the home
 * folder, which the command line does.
 */
@ApplicationScoped
public class Operator {
  private static final String FILE = "operator.key";
  private static final String SCHEME = "Bearer ";

  private final Path home;

  Operator(@ConfigProperty(name = "opml.home") Path home) {
    this.home = home;
  }

  void start(@Observes StartupEvent event) throws IOException {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] mine =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    Files.createDirectories(home);
    Set<StandardOpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    try (var file = Files.newByteChannel(home.resolve(FILE), fresh, mine)) {
      file.write(StandardCharsets.US_ASCII.encode(HexFormat.of().formatHex(key)));
    } catch (FileAlreadyExistsException e) {
      // made by an earlier start, or by another process of this home
    }
  }

  /** The Authorization header of an operator. */
  public static String authorization(Path home) throws IOException {
    return SCHEME + Files.readString(home.resolve(FILE)).strip();
  }

  /** Lets a problem of status 401 out unless the Authorization header is the operator's. */
  public void require(String authorization) {
    try {
      byte[] right = authorization(home).getBytes(StandardCharsets.UTF_8);
      byte[] given = (authorization == null ? "" : authorization).getBytes(StandardCharsets.UTF_8);
      if (right.length > SCHEME.length() && MessageDigest.isEqual(right, given)) {
        return;
      }
    } catch (IOException e) {
      throw Problem.unavailable("no-operator-key", home.resolve(FILE) + " can't be read.");
    }
    throw new Problem(
        401,
        "operator-only",
        "For the operator",
        "This needs Authorization: Bearer with the content of operator.key in the server's home"
            + " folder, which opml model sends.",
        "Authorization");
  }
}
