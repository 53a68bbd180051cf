package com.clockleaf.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.clockleaf.streams.Bridge.Salary;
import com.clockleaf.streams.PayrollTotals.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PayrollTotalsTest {

  private static final long DAY = Duration.ofDays(1).toMillis();

  @TempDir private java.nio.file.Path state;

  private final Bridge bridge = new Bridge();
  private final Map<String, String> newest = new TreeMap<>();
  private TopologyTestDriver driver;
  private TestInputTopic<String, byte[]> payroll;
  private TestInputTopic<String, byte[]> employee;
  private TestOutputTopic<String, String> totals;

  @BeforeEach
  void start() {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    Topics topics =
        new Topics("payroll-events", "employee-events", "payroll-totals", Duration.ofDays(800));
    driver = new TopologyTestDriver(new PayrollTotals(topics, bridge).topology(), properties);
    payroll =
        driver.createInputTopic(
            "payroll-events", new StringSerializer(), new ByteArraySerializer());
    employee =
        driver.createInputTopic(
            "employee-events", new StringSerializer(), new ByteArraySerializer());
    totals =
        driver.createOutputTopic(
            "payroll-totals", new StringDeserializer(), new StringDeserializer());
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  private void hire(String person, String department) {
    employee.pipeInput(person, bridge.created(person, department, 0));
  }

  private void pay(Salary salary) {
    payroll.pipeInput(salary.employeeId(), bridge.salary(salary));
  }

  private static Salary salary(String person, long gross, long revision) {
    return new Salary(
        person, "run-1", "monthly-2026-11", "EUR", gross, gross / 2, revision, DAY + revision);
  }

  /** The newest total of each key so far; a deleted one is gone. */
  private Map<String, String> newestTotals() {
    for (KeyValue<String, String> line : totals.readKeyValuesToList()) {
      if (line.value == null) newest.remove(line.key);
      else newest.put(line.key, line.value);
    }
    return newest;
  }

  private static String key(String department) {
    return key(department, "EUR");
  }

  private static String key(String department, String currency) {
    String name = department == null ? "null" : "\"" + department + "\"";
    return "{\"month\":\"2026-11\",\"departmentId\":"
        + name
        + ",\"currency\":\""
        + currency
        + "\"}";
  }

  private static String line(String key, long gross, long net, long people) {
    String amounts = ",\"grossMinor\":" + gross + ",\"netMinor\":" + net + ",\"people\":" + people;
    return key.substring(0, key.length() - 1) + amounts + "}";
  }

  private static Map<String, String> lines(String... lines) {
    Map<String, String> expected = new TreeMap<>();
    for (String each : lines) expected.put(each.replaceAll(",\"grossMinor.*", "}"), each);
    return expected;
  }

  private double counted(String topic, String reason) {
    return driver.metrics().entrySet().stream()
        .filter(each -> each.getKey().name().equals("passed-over-" + reason + "-total"))
        .filter(each -> each.getKey().tags().containsValue(topic))
        .mapToDouble(each -> (double) each.getValue().metricValue())
        .sum();
  }

  @Test
  @DisplayName("adds up what people get, per department, each person once")
  void perDepartment() {
    hire("mara", "ops");
    hire("ben", "ops");
    hire("cleo", "it");
    pay(salary("mara", 400_000, 1));
    pay(salary("ben", 300_000, 1));
    pay(salary("cleo", 500_000, 1));
    assertEquals(
        lines(line(key("ops"), 700_000, 350_000, 2), line(key("it"), 500_000, 250_000, 1)),
        newestTotals());
  }

  @Test
  @DisplayName("a recalculation replaces, and never adds twice")
  void recalculated() {
    hire("mara", "ops");
    hire("ben", "ops");
    pay(salary("mara", 400_000, 1));
    pay(salary("ben", 300_000, 1));
    pay(salary("mara", 410_000, 2));
    assertEquals(lines(line(key("ops"), 710_000, 355_000, 2)), newestTotals());
  }

  @Test
  @DisplayName("the same calculation told again, or an old one late, changes nothing")
  void toldAgain() {
    hire("mara", "ops");
    pay(salary("mara", 400_000, 1));
    pay(salary("mara", 410_000, 2));
    pay(salary("mara", 410_000, 2));
    pay(salary("mara", 400_000, 1));
    assertEquals(lines(line(key("ops"), 410_000, 205_000, 1)), newestTotals());
  }

  @Test
  @DisplayName("a move leaves what was calculated where it was; a recalculation after it moves it")
  void moved() {
    hire("mara", "ops");
    hire("ben", "ops");
    pay(salary("mara", 400_000, 1));
    pay(salary("ben", 300_000, 1));
    employee.pipeInput("mara", bridge.moved("mara", "ops", "it", DAY + 10));
    assertEquals(lines(line(key("ops"), 700_000, 350_000, 2)), newestTotals());

    pay(salary("mara", 400_000, 20));
    assertEquals(
        lines(line(key("ops"), 300_000, 150_000, 1), line(key("it"), 400_000, 200_000, 1)),
        newestTotals());
  }

  @Test
  @DisplayName(
      "the department is that of the calculation's time, even where the move is read before it")
  void asOfTheCalculation() {
    hire("mara", "ops");
    employee.pipeInput("mara", bridge.updated("mara", "it", DAY + 10));
    pay(salary("mara", 400_000, 1));
    assertEquals(lines(line(key("ops"), 400_000, 200_000, 1)), newestTotals());
  }

  @Test
  @DisplayName("a total that nobody is left in is deleted")
  void nobodyLeft() {
    hire("mara", "ops");
    pay(salary("mara", 400_000, 1));
    assertEquals(lines(line(key("ops"), 400_000, 200_000, 1)), newestTotals());
    employee.pipeInput("mara", bridge.moved("mara", "ops", "it", DAY + 10));
    pay(salary("mara", 400_000, 20));

    Map<String, String> last = new TreeMap<>();
    totals.readKeyValuesToList().forEach(each -> last.put(each.key, "" + each.value));
    assertEquals(Map.of(key("ops"), "null", key("it"), line(key("it"), 400_000, 200_000, 1)), last);
  }

  @Test
  @DisplayName("currencies are kept apart, also when a recalculation changes one")
  void currencies() {
    hire("mara", "ops");
    hire("ben", "ops");
    pay(salary("mara", 400_000, 1));
    pay(new Salary("ben", "run-us", "us-2026-11", "USD", 600_000, 450_000, 1, DAY));
    assertEquals(
        lines(line(key("ops"), 400_000, 200_000, 1), line(key("ops", "USD"), 600_000, 450_000, 1)),
        newestTotals());

    pay(new Salary("ben", "run-us", "us-2026-11", "EUR", 500_000, 400_000, 2, DAY));
    assertEquals(lines(line(key("ops"), 900_000, 600_000, 2)), newestTotals());
  }

  @Test
  @DisplayName("several runs of a month add up, and the person counts once")
  void severalRuns() {
    hire("mara", "ops");
    for (String week : List.of("02", "09", "16")) {
      String period = "weekly-2026-11-" + week;
      pay(new Salary("mara", period + "-run-1", period, "EUR", 100_000, 70_000, 1, DAY));
    }
    pay(new Salary("mara", "weekly-2026-11-09-run-1", "weekly-2026-11-09", "EUR", 1, 1, 2, DAY));
    assertEquals(lines(line(key("ops"), 200_001, 140_001, 1)), newestTotals());
  }

  @Test
  @DisplayName("months are kept apart")
  void months() {
    hire("mara", "ops");
    pay(salary("mara", 400_000, 1));
    pay(new Salary("mara", "run-2", "monthly-2026-12", "EUR", 1, 1, 1, DAY));
    assertEquals(2, newestTotals().size());
    assertTrue(newest.values().stream().anyMatch(line -> line.contains("\"month\":\"2026-12\"")));
  }

  @Test
  @DisplayName("pay of somebody without a known department is in no department, and not left out")
  void noDepartment() {
    pay(salary("mara", 400_000, 1));
    assertEquals(lines(line(key(null), 400_000, 200_000, 1)), newestTotals());
    hire("mara", "ops");
    pay(salary("mara", 400_000, 2));
    assertEquals(lines(line(key("ops"), 400_000, 200_000, 1)), newestTotals());
  }

  @Test
  @DisplayName("what says nothing about pay or departments is passed over and counted")
  void passedOver() {
    hire("mara", "ops");
    employee.pipeInput("mara", null);
    employee.pipeInput("mara", bridge.activated("mara", 1));
    payroll.pipeInput("mara", null);
    payroll.pipeInput("mara", new byte[] {7, 7, 7, 7, 7, 7});
    payroll.pipeInput("mara", new byte[] {0, 0, 0, 0, 1});
    payroll.pipeInput("mara", bridge.created("mara", "it", 0));
    payroll.pipeInput("ben", bridge.salary(salary("mara", 1, 1)));
    payroll.pipeInput(null, bridge.salary(salary("mara", 1, 1)));
    payroll.pipeInput("mara", bridge.salary(new Salary("mara", "r", "p", "EUR", 1, 1, 1, 1)));
    pay(salary("mara", 400_000, 1));

    assertEquals(lines(line(key("ops"), 400_000, 200_000, 1)), newestTotals());
    assertEquals(1, counted("employee-events", "tombstone"));
    assertEquals(1, counted("employee-events", "other-type"));
    assertEquals(1, counted("payroll-events", "tombstone"));
    assertEquals(1, counted("payroll-events", "unframed"));
    assertEquals(1, counted("payroll-events", "unreadable"));
    assertEquals(1, counted("payroll-events", "other-type"));
    assertEquals(2, counted("payroll-events", "misplaced"));
    assertEquals(1, counted("payroll-events", "incomplete"));
  }

  @Test
  @DisplayName("a schema that is not to be had stops it before the record")
  void stops() {
    byte[] bytes = {0, 0, 0, 0, 99, 1};
    assertThrows(StreamsException.class, () -> payroll.pipeInput("mara", bytes));
    assertNull(newestTotals().get(key("ops")));
  }

  @Test
  @DisplayName(
      "however people move and are recalculated, totals are the sums of the newest calculations")
  void randomHistory() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Map<String, String> departments = new TreeMap<>();
    Map<String, String[]> results = new TreeMap<>();
    List<String> people = List.of("mara", "ben", "cleo", "dan", "eve");
    for (int step = 1; step <= 400; step++) {
      String person = people.get(random.nextInt(people.size()));
      if (random.nextInt(3) == 0) {
        String department = "d" + random.nextInt(3);
        employee.pipeInput(person, bridge.updated(person, department, step));
        departments.put(person, department);
      } else {
        String run = "run-" + random.nextInt(3);
        String currency = random.nextBoolean() ? "EUR" : "CHF";
        long gross = random.nextInt(1_000);
        pay(new Salary(person, run, "m-2026-11", currency, gross, gross / 2, step, step));
        String where = key(departments.get(person), currency);
        results.put(person + run, new String[] {where, person, "" + gross});
      }
    }
    assertEquals(summed(results.values()), newestTotals(), "seed " + seed);
  }

  private static Map<String, String> summed(Iterable<String[]> results) {
    Map<String, long[]> sums = new TreeMap<>();
    Map<String, List<String>> people = new TreeMap<>();
    for (String[] result : results) {
      long gross = Long.parseLong(result[2]);
      long[] sum = sums.computeIfAbsent(result[0], none -> new long[2]);
      sum[0] += gross;
      sum[1] += gross / 2;
      people.computeIfAbsent(result[0], none -> new ArrayList<>()).add(result[1]);
    }
    Map<String, String> expected = new TreeMap<>();
    sums.forEach(
        (key, sum) -> {
          long count = people.get(key).stream().distinct().count();
          expected.put(key, line(key, sum[0], sum[1], count));
        });
    return expected;
  }

  @Test
  @DisplayName("keys are the same bytes in every process: their fields have a fixed order")
  void keysAreStable() {
    byte[] bytes =
        new JsonSerde<>(Totals.ShareKey.class)
            .serializer()
            .serialize("t", new Totals.ShareKey("2026-11", "ops", "EUR", "mara"));
    assertEquals(
        "{\"month\":\"2026-11\",\"departmentId\":\"ops\",\"currency\":\"EUR\",\"employeeId\":\"mara\"}",
        new String(bytes, StandardCharsets.UTF_8));
  }
}
