package com.clockleaf.streams;

import com.clockleaf.streams.PayrollTotals.Topics;
import com.clockleaf.streams.SchemaRegistry.Credentials;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.streams.StreamsConfig;

/**
 * What a settings file says: {@code clockleaf.*} is ours and known by name, all else is Kafka
 * Streams' own and handed on. Exactly-once is not a setting.
 */
record Settings(
    Properties streams,
    Topics topics,
    String registryUrl,
    Optional<Credentials> registryCredentials,
    Duration registryPatience,
    int totalsPartitions) {

  /** Says what is wrong and where to put it right. */
  static final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SettingsException(String message) {
      super(message);
    }
  }

  private static final String OURS = "clockleaf.";
  private static final String REGISTRY_URL = "clockleaf.registry.url";
  private static final String REGISTRY_USER = "clockleaf.registry.user";
  private static final String REGISTRY_PASSWORD_FILE = "clockleaf.registry.password.file";
  private static final String REGISTRY_PATIENCE = "clockleaf.registry.patience.seconds";
  private static final String PAYROLL_TOPIC = "clockleaf.payroll.topic";
  private static final String EMPLOYEE_TOPIC = "clockleaf.employee.topic";
  private static final String TOTALS_TOPIC = "clockleaf.totals.topic";
  private static final String TOTALS_PARTITIONS = "clockleaf.totals.partitions";
  private static final String HISTORY_DAYS = "clockleaf.history.days";
  private static final Set<String> KNOWN =
      Set.of(
          REGISTRY_URL,
          REGISTRY_USER,
          REGISTRY_PASSWORD_FILE,
          REGISTRY_PATIENCE,
          PAYROLL_TOPIC,
          EMPLOYEE_TOPIC,
          TOTALS_TOPIC,
          TOTALS_PARTITIONS,
          HISTORY_DAYS);

  static Settings load(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return of(properties);
  }

  static Settings of(Properties properties) throws IOException {
    Map<String, String> ours = new TreeMap<>();
    Properties streams = streamsDefaults();
    for (String name : properties.stringPropertyNames()) {
      String value = properties.getProperty(name).strip();
      if (name.startsWith(OURS)) ours.put(name, value);
      else streams.put(name, value);
    }
    for (String name : ours.keySet()) {
      if (!KNOWN.contains(name)) throw new SettingsException(name + ": no such setting");
    }
    if (!streams.containsKey(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG)) {
      throw new SettingsException(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG + ": missing");
    }
    if (!StreamsConfig.EXACTLY_ONCE_V2.equals(
        streams.get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG))) {
      throw new SettingsException(
          StreamsConfig.PROCESSING_GUARANTEE_CONFIG
              + ": totals are exact only with exactly_once_v2");
    }
    return new Settings(
        streams,
        new Topics(
            ours.getOrDefault(PAYROLL_TOPIC, "payroll-events"),
            ours.getOrDefault(EMPLOYEE_TOPIC, "employee-events"),
            ours.getOrDefault(TOTALS_TOPIC, "payroll-totals"),
            Duration.ofDays(positive(ours, HISTORY_DAYS, 800))),
        required(ours, REGISTRY_URL),
        credentials(ours),
        Duration.ofSeconds(positive(ours, REGISTRY_PATIENCE, 60)),
        positive(ours, TOTALS_PARTITIONS, 3));
  }

  private static Properties streamsDefaults() {
    Properties defaults = new Properties();
    defaults.put(StreamsConfig.APPLICATION_ID_CONFIG, "clockleaf-payroll-totals");
    defaults.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    // Pay and departments come by two feeds of the bridge; the one that is ahead waits this long.
    defaults.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, "2000");
    defaults.put("auto.offset.reset", "earliest");
    return defaults;
  }

  private static Optional<Credentials> credentials(Map<String, String> ours) throws IOException {
    if (!ours.containsKey(REGISTRY_USER)) return Optional.empty();
    Path file = Path.of(required(ours, REGISTRY_PASSWORD_FILE));
    return Optional.of(new Credentials(ours.get(REGISTRY_USER), Files.readString(file).strip()));
  }

  private static String required(Map<String, String> ours, String name) {
    String value = ours.getOrDefault(name, "");
    if (value.isEmpty()) throw new SettingsException(name + ": missing");
    return value;
  }

  private static int positive(Map<String, String> ours, String name, int otherwise) {
    String value = ours.getOrDefault(name, Integer.toString(otherwise));
    try {
      int number = Integer.parseInt(value);
      if (number > 0) return number;
    } catch (NumberFormatException error) {
      throw new SettingsException(name + ": not a whole number: " + value);
    }
    throw new SettingsException(name + ": must be 1 or more, not " + value);
  }
}
