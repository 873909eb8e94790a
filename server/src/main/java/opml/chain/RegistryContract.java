package opml.chain;

import java.util.List;
import java.util.Objects;

/** Where models are announced: the call to send and the events. */
public final class RegistryContract {
  private final Chain chain;
  private final String address;
  private final Abi abi = Contracts.abi("Registry");

  public RegistryContract(Chain chain, String address) {
    this.chain = chain;
    this.address = address;
  }

  /** Announces a model with addresses where its bytes can be had. */
  public Call register(Model model, List<String> uris) {
    return new Call(address, abi.call("register", model.tuple(), uris));
  }

  /** Announcements in blocks first..last. */
  public List<ChainEvent> events(long first, long last) {
    return chain.logs(first, last, List.of(address), List.of()).stream()
        .map(abi::event)
        .filter(Objects::nonNull)
        .toList();
  }

  /** The model of a ModelRegistered event. */
  public static Model registered(ChainEvent event) {
    List<?> model = (List<?>) event.fields().get("model");
    return new Model(
        (String) model.get(0), (byte[]) model.get(1), (byte[]) model.get(2), (byte[]) model.get(3));
  }
}
