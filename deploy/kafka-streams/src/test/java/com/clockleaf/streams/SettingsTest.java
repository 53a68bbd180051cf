package com.clockleaf.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.clockleaf.streams.SchemaRegistry.Credentials;
import com.clockleaf.streams.Settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

  private static Settings settings(Map<String, String> more) throws IOException {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", "kafka:9092");
    properties.put("clockleaf.registry.url", "http://registry:8081");
    properties.putAll(more);
    return Settings.of(properties);
  }

  private static void assertRefused(String message, Map<String, String> more) {
    Exception error = assertThrows(SettingsException.class, () -> settings(more));
    assertEquals(message, error.getMessage());
  }

  @Test
  @DisplayName("the sample is a valid file")
  void sample() throws IOException {
    Settings settings = Settings.load(Path.of("payroll-totals.sample.properties"));
    assertEquals("payroll-events", settings.topics().payroll());
    assertEquals("exactly_once_v2", settings.streams().get("processing.guarantee"));
  }

  @Test
  @DisplayName("what is not ours goes to Kafka Streams as it is")
  void handedOn() throws IOException {
    Settings settings = settings(Map.of("max.task.idle.ms", "7", "consumer.fetch.max.bytes", "9"));
    assertEquals("7", settings.streams().get("max.task.idle.ms"));
    assertEquals("9", settings.streams().get("consumer.fetch.max.bytes"));
    assertEquals(null, settings.streams().get("clockleaf.registry.url"));
  }

  @Test
  @DisplayName("a setting that is unknown, missing or senseless is named")
  void refused() {
    assertRefused("clockleaf.registry.ulr: no such setting", Map.of("clockleaf.registry.ulr", "x"));
    assertRefused("clockleaf.registry.url: missing", Map.of("clockleaf.registry.url", ""));
    assertRefused(
        "clockleaf.history.days: not a whole number: x", Map.of("clockleaf.history.days", "x"));
    assertRefused(
        "clockleaf.history.days: must be 1 or more, not 0", Map.of("clockleaf.history.days", "0"));
    assertRefused(
        "clockleaf.registry.password.file: missing", Map.of("clockleaf.registry.user", "reader"));
  }

  @Test
  @DisplayName("less than exactly-once is refused")
  void exactlyOnce() {
    assertRefused(
        "processing.guarantee: totals are exact only with exactly_once_v2",
        Map.of("processing.guarantee", "at_least_once"));
  }

  @Test
  @DisplayName("the registry's password is read from its file")
  void password(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("password"), "secret\n");
    Settings settings =
        settings(
            Map.of(
                "clockleaf.registry.user",
                "reader",
                "clockleaf.registry.password.file",
                file.toString()));
    assertEquals(Optional.of(new Credentials("reader", "secret")), settings.registryCredentials());
  }
}
