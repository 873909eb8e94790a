package opml.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

/**
 * INV-02: the bounds that the translator believes hold for whole answers and for operators at the
 * caps.
 */
final class BoundsTest {
  /** A loop that runs one more time an entry than it says. */
  static void broken(Memory m, int n) {
    for (int k = 0; k < 2; k++) {
      Bounds.loop(2);
      for (int i = 0; i < n; i++) {
        Bounds.loop(3);
        Bounds.total(5);
        m.storeI32(0, i);
      }
    }
  }

  @Test
  void boundsHoldInWholeAnswers() throws Exception {
    rerun(new CountingLoader(), "GuestTest");
  }

  @Test
  void boundsHoldAtTheCaps() throws Exception {
    rerun(new CountingLoader(), "ExtremesTest");
  }

  @Test
  void aLoopOverItsBoundIsFound() throws Exception {
    CountingLoader loader = new CountingLoader();
    Class<?> memory = loader.loadClass("opml.guest.ArrayMemory");
    Method broken = null;
    for (Method m : loader.loadClass("opml.guest.BoundsTest").getDeclaredMethods()) {
      broken = m.getName().equals("broken") ? m : broken;
    }
    broken.setAccessible(true);
    Object m =
        memory
            .getConstructor(byte[].class, byte[].class, int[].class)
            .newInstance(new byte[0], new byte[0], new int[] {1, 1, 1, 1});
    broken.invoke(null, m, 2);
    Method call = broken;
    BoundCounter.step();
    Throwable total =
        assertThrows(InvocationTargetException.class, () -> call.invoke(null, m, 3)).getCause();
    assertTrue(total.getMessage().contains("more than 5 times an operator"), total.getMessage());
    BoundCounter.step();
    Throwable entry =
        assertThrows(InvocationTargetException.class, () -> call.invoke(null, m, 4)).getCause();
    assertTrue(entry.getMessage().contains("more than 3 times an entry"), entry.getMessage());
  }

  private static void rerun(CountingLoader loader, String test) throws Exception {
    Class<?> type = loader.loadClass("opml.guest." + test);
    var constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    int before = BoundCounter.sites();
    int ran = 0;
    for (Method method : type.getDeclaredMethods()) {
      if (method.isAnnotationPresent(Test.class)) {
        method.setAccessible(true);
        method.invoke(constructor.newInstance());
        ran++;
      }
    }
    assertTrue(ran > 3, test);
    assertTrue(BoundCounter.sites() - before > 20, "loops counted");
    assertEquals(loader, type.getClassLoader());
  }
}
