package opml.launch;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import java.nio.file.Path;
import opml.role.Role;
import opml.role.Roles;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Tells the commands of this machine where the server listens, for as long as it does. */
@ApplicationScoped
class Announcement {
  private final Path home;
  private final Roles roles;
  private volatile RunningServer told;

  Announcement(@ConfigProperty(name = "opml.home") Path home, Roles roles) {
    this.home = home;
    this.roles = roles;
  }

  void listens(@ObservesAsync HttpServerStart event) {
    if (!roles.plays(Role.API)) {
      return;
    }
    String host = event.options().getHost();
    boolean everywhere = host == null || host.equals("0.0.0.0") || host.equals("::");
    String name = everywhere ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
    told = new RunningServer("http://" + name + ":" + port(), ProcessHandle.current().pid());
    told.write(home);
  }

  /** The port it got: the one asked for may have been 0. */
  private static int port() {
    boolean test = LaunchMode.current() == LaunchMode.TEST;
    String property = test ? "quarkus.http.test-port" : "quarkus.http.port";
    return ConfigProvider.getConfig().getValue(property, Integer.class);
  }

  void stops(@Observes ShutdownEvent event) {
    if (told != null) {
      told.remove(home);
    }
  }
}
