package opml.role;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The roles of this process, from {@code opml.roles}. */
@ApplicationScoped
public class Roles {
  private final Set<Role> roles;

  Roles(@ConfigProperty(name = "opml.roles") String names) {
    roles = EnumSet.noneOf(Role.class);
    for (String name : names.split(",")) {
      try {
        roles.add(Role.valueOf(name.strip().toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new IllegalStateException(
            "opml.roles names '" + name + "': use some of " + Arrays.toString(Role.values()), e);
      }
    }
  }

  public boolean plays(Role role) {
    return roles.contains(role);
  }
}
