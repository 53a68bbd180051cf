package com.clockleaf.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.clockleaf.streams.SchemaRegistry.Credentials;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SchemaRegistryTest {

  private record Answer(int status, String body) {}

  private final Deque<Answer> answers = new ArrayDeque<>();
  private final List<String> asked = new ArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String credentials = exchange.getRequestHeaders().getFirst("Authorization");
          asked.add(exchange.getRequestURI().getPath() + " " + credentials);
          Answer answer = answers.remove();
          byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answer.status(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private SchemaRegistry registry(Optional<Credentials> credentials, Duration patience) {
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/api/";
    return new SchemaRegistry(url, credentials, patience);
  }

  private static Answer schema() throws IOException {
    String text = Bridge.golden("SalaryCalculated").toString();
    return new Answer(200, new ObjectMapper().writeValueAsString(Map.of("schema", text)));
  }

  @Test
  @DisplayName("asks for a schema once, with the credentials it was given")
  void asksOnce() throws IOException {
    answers.add(schema());
    SchemaRegistry registry =
        registry(Optional.of(new Credentials("reader", "secret")), Duration.ofSeconds(5));
    assertEquals("com.hr.payroll.events.SalaryCalculated", registry.byId(7).getFullName());
    assertEquals("com.hr.payroll.events.SalaryCalculated", registry.byId(7).getFullName());
    assertEquals(List.of("/api/schemas/ids/7 Basic cmVhZGVyOnNlY3JldA=="), asked);
  }

  @Test
  @DisplayName("ids have 32 bits and no sign")
  void unsigned() throws IOException {
    answers.add(schema());
    registry(Optional.empty(), Duration.ofSeconds(5)).byId(-1);
    assertEquals(List.of("/api/schemas/ids/4294967295 null"), asked);
  }

  @Test
  @DisplayName("asks again while the registry is in trouble or does not know the schema yet")
  void asksAgain() throws IOException {
    answers.add(new Answer(503, ""));
    answers.add(new Answer(404, "{\"error_code\":40403}"));
    answers.add(schema());
    registry(Optional.empty(), Duration.ofSeconds(30)).byId(7);
    assertEquals(3, asked.size());
  }

  @Test
  @DisplayName("gives up when its patience is over, and says which schema and which registry")
  void givesUp() {
    answers.add(new Answer(404, ""));
    SchemaRegistry registry = registry(Optional.empty(), Duration.ofMillis(1));
    Exception error = assertThrows(SchemaUnavailableException.class, () -> registry.byId(7));
    assertTrue(error.getMessage().contains("schema 7 from http://127.0.0.1:"), error.getMessage());
    assertTrue(error.getMessage().endsWith("it answered 404"), error.getMessage());
  }

  @Test
  @DisplayName("does not ask again where it is refused, and never says the password")
  void refused() {
    answers.add(new Answer(401, ""));
    SchemaRegistry registry =
        registry(Optional.of(new Credentials("reader", "secret")), Duration.ofSeconds(30));
    Exception error = assertThrows(SchemaUnavailableException.class, () -> registry.byId(7));
    assertTrue(error.getMessage().endsWith("it answered 401"), error.getMessage());
    assertFalse(error.getMessage().contains("secret"));
    assertEquals(1, asked.size());
  }

  @Test
  @DisplayName("an answer that is no Avro schema is not taken for one")
  void nonsense() {
    SchemaRegistry registry = registry(Optional.empty(), Duration.ofSeconds(30));
    for (String body : List.of("", "nonsense", "{}", "{\"schema\":\"{}\"}")) {
      answers.add(new Answer(200, body));
      assertThrows(SchemaUnavailableException.class, () -> registry.byId(7), body);
    }
  }

  @Test
  @DisplayName("a registry that is not there is given up as well")
  void away() {
    SchemaRegistry registry = registry(Optional.empty(), Duration.ofMillis(1));
    server.stop(0);
    Exception error = assertThrows(SchemaUnavailableException.class, () -> registry.byId(7));
    assertTrue(error.getMessage().endsWith("it cannot be reached"), error.getMessage());
  }
}
