package opml.http;

import io.netty.bootstrap.ServerBootstrap;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.impl.transports.JDKTransport;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.VertxServiceProvider;
import java.time.Duration;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Shows {@link Admission} every connection that the HTTP server accepts. Quarkus makes that server
 * and hands it to nobody, so this stands where Vert.x sets up whatever listens: nothing else does.
 */
public final class Connections extends JDKTransport implements VertxServiceProvider {
  @Override
  public void init(VertxBuilder builder) {
    builder.findTransport(this);
  }

  @Override
  public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap listener) {
    super.configure(options, domainSocket, listener);
    listener.handler(admission(ConfigProvider.getConfig()));
  }

  private static Admission admission(Config config) {
    // behind a proxy all connections come from one address
    boolean proxied = config.getValue("quarkus.http.proxy.proxy-address-forwarding", boolean.class);
    int most = config.getValue("opml.http.connections-per-client", int.class);
    Duration patience = config.getValue("opml.http.headers-timeout", Duration.class);
    Duration keep = config.getValue("opml.http.keep-alive", Duration.class);
    int line = config.getValue("quarkus.http.limits.max-initial-line-length", int.class);
    MemorySize headers = config.getValue("quarkus.http.limits.max-header-size", MemorySize.class);
    Refusals refusals = new Refusals(line, Math.toIntExact(headers.asLongValue()));
    return new Admission(proxied ? Integer.MAX_VALUE : most, patience, keep, refusals);
  }
}
