package opml.role;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A part that a process may play; {@code opml.roles} names them. */
public enum Role {
  /** Serves REST. */
  API,
  /** Runs models. */
  INFERENCE,
  /** Signs and anchors receipts, answers the oracle, defends its claims. */
  PROPOSER,
  /** Replays every claim and challenges those that differ. */
  VALIDATOR,
  /** Reads the chain's events into the database. */
  INDEXER;

  /**
   * The roles of these names.
   *
   * @param setting where the names come from, for the error
   */
  public static Set<Role> named(Collection<String> names, String setting) {
    Set<Role> found = EnumSet.noneOf(Role.class);
    for (String name : names) {
      found.add(
          Arrays.stream(values())
              .filter(role -> role.text().equals(name.strip().toLowerCase(Locale.ROOT)))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          setting + " names '" + name + "': use some of " + all())));
    }
    return found;
  }

  private static List<String> all() {
    return Arrays.stream(values()).map(Role::text).toList();
  }

  /** The name in settings. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
