package opml.role;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The roles of this process, from {@code opml.roles}. */
@ApplicationScoped
public class Roles {
  private final Set<Role> roles;

  Roles(@ConfigProperty(name = "opml.roles") String names) {
    roles = Role.named(List.of(names.split(",")), "opml.roles");
  }

  public boolean plays(Role role) {
    return roles.contains(role);
  }
}
