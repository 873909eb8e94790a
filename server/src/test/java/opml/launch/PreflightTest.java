package opml.launch;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class PreflightTest {
  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void start() throws IOException {
    postgres = EmbeddedPostgres.builder().setServerConfig("listen_addresses", "127.0.0.1").start();
  }

  @AfterAll
  static void stop() throws IOException {
    postgres.close();
  }

  private static String database(String name, String... statements) throws SQLException {
    sql("postgres", "create database " + name);
    sql(name, statements);
    return postgres.getJdbcUrl("postgres", name);
  }

  private static void sql(String database, String... statements) throws SQLException {
    try (Connection connection = postgres.getDatabase("postgres", database).getConnection();
        Statement statement = connection.createStatement()) {
      for (String one : statements) {
        statement.execute(one);
      }
    }
  }

  private static void refused(String why, Executable check) {
    String told = assertThrows(IllegalArgumentException.class, check).getMessage();
    assertTrue(told.contains(why), told);
  }

  @Test
  void anEmptyDatabaseAndOursAreTaken() throws SQLException {
    String url = database("ours");
    assertDoesNotThrow(() -> Preflight.database(url));
    Flyway.configure().dataSource(url, null, null).load().migrate();
    assertDoesNotThrow(() -> Preflight.database(url));
  }

  @Test
  void theAddressThatPsqlTakesIsUnderstood() throws SQLException {
    database("plain");
    String at = "127.0.0.1:" + postgres.getPort() + "/plain";
    String user = "?user=postgres&password=any";
    assertEquals(
        "jdbc:postgresql://" + at + user, Preflight.database("postgresql://postgres:any@" + at));
    assertEquals(
        "jdbc:postgresql://" + at + "?connectTimeout=5&user=postgres",
        Preflight.database("postgres://postgres@" + at + "?connectTimeout=5"));
  }

  @Test
  void tablesOfSomethingElseAreRefused() throws SQLException {
    String url = database("foreign_tables", "create table customers (id int)");
    refused("not opML's", () -> Preflight.database(url));
  }

  @Test
  void theDatabaseOfAnotherVersionIsRefused() throws SQLException {
    String url = database("newer");
    Flyway.configure().dataSource(url, null, null).load().migrate();
    sql("newer", "update flyway_schema_history set version = '999' where version = '2'");
    refused("another version", () -> Preflight.database(url));
  }

  @Test
  void aDatabaseThatDoesNotAnswerIsNamed() {
    refused("--database-url", () -> Preflight.database("jdbc:postgresql://127.0.0.1:1/x?user=a"));
    refused("jdbc:postgresql:", () -> Preflight.database("mysql://127.0.0.1/x"));
  }

  @Test
  void aChainThatDoesNotAnswerIsNamed() {
    refused("http://127.0.0.1:1", () -> Preflight.chain("http://127.0.0.1:1"));
    refused("http or https", () -> Preflight.chain("ws://127.0.0.1:8545"));
  }

  @Test
  void aTakenPortIsNamed() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      refused("is taken", () -> Preflight.port(other.getLocalPort()));
    }
    refused("1 to 65535", () -> Preflight.port(65536));
  }

  @Test
  void etherIsWrittenWithoutTrailingZeros() {
    assertEquals("0.032 ether", Preflight.ether(new BigInteger("32000000000000000")));
    assertEquals("10 ether", Preflight.ether(BigInteger.TEN.pow(19)));
  }
}
