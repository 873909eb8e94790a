package opml.launch;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import opml.chain.Chain;
import opml.chain.ChainDown;
import opml.outbox.Keys;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.ValidateResult;

/** Looks at what a user hands to {@code start} before anything is started with it. */
public final class Preflight {
  private static final int LOGIN_SECONDS = 5;
  private static final int WEI_DIGITS = 18;
  private static final Pattern PSQL =
      Pattern.compile("postgres(?:ql)?://(?:(?<user>[^:@/]+)(?::(?<password>[^@/]*))?@)?(?<at>.+)");

  private Preflight() {}

  /**
   * Whether the page's port is free.
   *
   * @throws IllegalArgumentException when it is no port or taken
   */
  public static void port(int port) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("--port is " + port + ": give 1 to 65535");
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "--port " + port + " is taken (" + e.getMessage() + "): give another one", e);
    }
  }

  /**
   * Connects to a chain that answers.
   *
   * @throws IllegalArgumentException when {@code url} is no address or nothing answers there
   */
  public static Chain chain(String url) {
    if (!url.matches("https?://[^\\s]+")) {
      throw new IllegalArgumentException(
          "--rpc-url is \"" + url + "\": give an http or https address");
    }
    Chain chain = Chain.connect(url);
    try {
      chain.chainId();
      return chain;
    } catch (ChainDown e) {
      chain.close();
      throw new IllegalArgumentException(
          "--rpc-url: no chain answers (" + e.getMessage() + "): is the node running?", e);
    }
  }

  /**
   * Whether parties can act on the chain: keys are there, accounts have ether.
   *
   * @throws IllegalStateException naming the variable to set or the account to fund
   */
  public static void parties(Chain chain, Keys keys, List<String> parties) {
    for (String party : parties) {
      String address = keys.account(party, chain.chainId()).address();
      if (chain.balance(address).signum() == 0) {
        throw new IllegalStateException(
            "the "
                + party
                + " "
                + address
                + " has no ether on chain "
                + chain.chainId()
                + ": send it some for bonds and gas");
      }
    }
  }

  /** The JDBC address of a database; the form that psql takes is understood too. */
  private static String jdbc(String url) {
    if (url.startsWith("jdbc:postgresql:")) {
      return url;
    }
    Matcher known = PSQL.matcher(url);
    if (!known.matches()) {
      throw new IllegalArgumentException(
          "--database-url must look like jdbc:postgresql://HOST:PORT/NAME?user=U&password=P or"
              + " postgresql://U:P@HOST:PORT/NAME");
    }
    StringBuilder out = new StringBuilder("jdbc:postgresql://" + known.group("at"));
    String[] names = {"user", "password"};
    char next = known.group("at").contains("?") ? '&' : '?';
    for (String name : names) {
      if (known.group(name) != null) {
        out.append(next).append(name).append('=').append(known.group(name));
        next = '&';
      }
    }
    return out.toString();
  }

  /**
   * The JDBC address of a database that answers and is empty or ours.
   *
   * @param given such an address, or the form that psql takes
   * @throws IllegalArgumentException naming the remedy
   */
  public static String database(String given) {
    String url = jdbc(given);
    DriverManager.setLoginTimeout(LOGIN_SECONDS);
    try (Connection connection = DriverManager.getConnection(url)) {
      if (foreign(connection)) {
        throw new IllegalArgumentException(
            "--database-url: this database holds tables that are not opML's: give an empty one");
      }
    } catch (SQLException e) {
      throw new IllegalArgumentException("--database-url: " + e.getMessage(), e);
    }
    try {
      ValidateResult found =
          Flyway.configure()
              .dataSource(url, null, null)
              .ignoreMigrationPatterns("*:pending")
              .load()
              .validateWithResult();
      if (!found.validationSuccessful) {
        throw new IllegalArgumentException(
            "--database-url: another version of opML wrote this database ("
                + found.getAllErrorMessages().strip()
                + "): use that version, or an empty database");
      }
    } catch (FlywayException e) {
      throw new IllegalArgumentException("--database-url: " + e.getMessage(), e);
    }
    return url;
  }

  private static boolean foreign(Connection connection) throws SQLException {
    try (ResultSet row =
        connection
            .createStatement()
            .executeQuery(
                "select to_regclass('flyway_schema_history') is null and exists (select 1 from"
                    + " information_schema.tables where table_schema = current_schema())")) {
      return row.next() && row.getBoolean(1);
    }
  }

  /** Wei as ether, in words. */
  public static String ether(BigInteger wei) {
    return new BigDecimal(wei, WEI_DIGITS).stripTrailingZeros().toPlainString() + " ether";
  }
}
