package opml.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class StreamsTest {
  private final Streams streams = new Streams(new SimpleMeterRegistry(), 3, 2);
  private final Client one = Client.of("192.0.2.1");
  private final Client two = Client.of("192.0.2.2");

  @Test
  void oneClientCannotTakeAllPlaces() {
    streams.enter(one);
    Runnable leave = streams.enter(one);
    assertEquals(429, assertThrows(Problem.class, () -> streams.enter(one)).status());
    leave.run();
    leave.run();
    streams.enter(one);
    assertEquals(429, assertThrows(Problem.class, () -> streams.enter(one)).status());
  }

  @Test
  void thereIsABoundForAllTogether() {
    streams.enter(one);
    streams.enter(one);
    Runnable leave = streams.enter(two);
    Problem full = assertThrows(Problem.class, () -> streams.enter(two));
    assertEquals(503, full.status());
    assertNotEquals(0, full.retryAfter());
    leave.run();
    streams.enter(two);
  }

  @Test
  void addressesOfOneIpv6NetworkAreOneClient() {
    assertEquals(Client.of("2001:db8:1:2::1"), Client.of("2001:db8:1:2:ffff::9"));
    assertNotEquals(Client.of("2001:db8:1:2::1"), Client.of("2001:db8:1:3::1"));
    assertNotEquals(one, two);
  }
}
