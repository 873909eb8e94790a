package opml.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FairOrderTest {
  private final FairOrder order = new FairOrder();

  private UUID add(String client) {
    UUID id = UUID.randomUUID();
    assertTrue(order.add(id, client));
    return id;
  }

  @Test
  void aClientWithManyHoldsUpNobody() {
    List<UUID> many = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      many.add(add("a"));
    }
    assertEquals(many.get(0), order.next());
    assertEquals(many.get(1), order.next());
    UUID late = add("b");
    UUID nobody = add(null);
    assertEquals(late, order.next());
    assertEquals(nobody, order.next());
    assertEquals(many.get(2), order.next());
    order.ended(late);
    UUID again = add("b");
    assertEquals(again, order.next(), "b runs none, a runs three");
  }

  @Test
  void amongEqualsWhoCameFirstIsFirst() {
    UUID first = add("a");
    UUID second = add("b");
    assertEquals(first, order.next());
    assertEquals(second, order.next());
    assertNull(order.next());
  }

  @Test
  void aPromptIsHereOnceUntilItHasEnded() {
    UUID id = add("a");
    assertFalse(order.add(id, "a"), "waits");
    assertEquals(id, order.next());
    assertFalse(order.add(id, "a"), "runs");
    order.ended(id);
    assertTrue(order.add(id, "a"), "given back");
  }
}
