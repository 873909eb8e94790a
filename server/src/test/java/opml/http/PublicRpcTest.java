package opml.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicRpcTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://rpc.example/v3/0123456789abcdef",
        "https://user:secret@rpc.example",
        "https://secret@rpc.example:8545/",
        "https://rpc.example/?key=secret",
        "https://rpc.example#secret"
      })
  void anEndpointThatMayHoldAKeyIsNotShown(String url) {
    PublicRpc rpc = new PublicRpc(url, Optional.empty());
    assertNull(rpc.url());
    assertNull(rpc.origin());
  }

  @Test
  void aBareOriginIsShown() {
    assertEquals(
        "http://127.0.0.1:8545", new PublicRpc("http://127.0.0.1:8545", Optional.empty()).url());
  }

  @Test
  void theOpenEndpointIsShownInsteadWholeAndItsOriginMayBeConnectedTo() {
    String open = "https://open.example/eth";
    PublicRpc rpc = new PublicRpc("https://rpc.example/v3/secret", Optional.of(open));
    assertEquals(open, rpc.url());
    assertEquals("https://open.example", rpc.origin());
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://user:secret@open.example", "file:///etc/passwd", "open.example"})
  void anOpenEndpointWithUserInformationOrWithoutHostIsRefused(String url) {
    assertThrows(IllegalArgumentException.class, () -> PublicRpc.checked(url));
  }
}
