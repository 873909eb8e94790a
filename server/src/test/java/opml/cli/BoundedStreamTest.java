package opml.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Every byte that passes counts, whichever way it is taken. */
class BoundedStreamTest {
  private static InputStream stream(int bytes, int most) {
    return new BoundedStream(
        new ByteArrayInputStream(new byte[bytes]),
        new Allowance(most, Duration.ofMinutes(1)),
        Duration.ofMinutes(1),
        "the test");
  }

  @Test
  void allMayBeTakenInEveryWay() throws IOException {
    try (InputStream in = stream(10, 10)) {
      assertEquals(0, in.read());
      assertEquals(2, in.read(new byte[2]));
      assertEquals(3, in.skip(3));
      in.skipNBytes(1);
      assertEquals(3, in.readAllBytes().length);
      assertEquals(-1, in.read());
      assertEquals(0, in.skip(1));
    }
  }

  @Test
  void oneMoreIsAnErrorInEveryWay() {
    for (Way way : new Way[] {InputStream::read, in -> in.skip(1), in -> in.skipNBytes(1)}) {
      assertThrows(
          IOException.class,
          () -> {
            try (InputStream in = stream(10, 9)) {
              in.skipNBytes(5);
              in.readNBytes(4);
              way.take(in);
            }
          });
    }
  }

  private interface Way {
    void take(InputStream in) throws IOException;
  }

  @Test
  void nothingIsReadTwice() throws IOException {
    try (InputStream in = stream(10, 10)) {
      assertFalse(in.markSupported());
      in.mark(10);
      in.skipNBytes(10);
      assertThrows(IOException.class, in::reset);
    }
  }
}
