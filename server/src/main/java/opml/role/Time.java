package opml.role;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** The wall clock, injected so that no class reads time by itself. */
final class Time {
  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }
}
