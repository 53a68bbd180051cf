package com.clockleaf.streams;

import com.clockleaf.streams.Event.DepartmentKnown;
import com.clockleaf.streams.Event.SalaryCalculated;
import com.clockleaf.streams.Event.Told;
import com.clockleaf.streams.Totals.Line;
import com.clockleaf.streams.Totals.Result;
import com.clockleaf.streams.Totals.ResultKey;
import com.clockleaf.streams.Totals.Share;
import com.clockleaf.streams.Totals.ShareKey;
import com.clockleaf.streams.Totals.Total;
import com.clockleaf.streams.Totals.TotalKey;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Joined;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * Payroll totals per department, month and currency.
 *
 * <pre>
 * employee-events ─▶ departments: person → department, with its history
 *                         │ as of the calculation
 * payroll-events ─▶ SalaryCalculated ─▶ results: (person, run) → newest calculation
 *                                          │ − what it replaces, + itself
 *                                          ▼
 *                     shares: (month, department, currency, person) → sum of the person's runs
 *                                          │ − what it replaces, + itself
 *                                          ▼
 *                     totals: (month, department, currency) ─▶ payroll-totals
 * </pre>
 *
 * Each arrow down is a subtraction and an addition, so a recalculation that changes an amount, a
 * department or a currency takes out exactly what the one before had put in.
 */
final class PayrollTotals {

  private static final Serde<String> TEXT = Serdes.String();

  /** Topics that are read and written, and how far back the department of a day is known. */
  record Topics(String payroll, String employee, String totals, Duration history) {}

  private final Topics topics;
  private final Serde<Event> events;

  PayrollTotals(Topics topics, SchemaSource schemas) {
    this.topics = topics;
    this.events = new EventSerde(schemas);
  }

  Topology topology() {
    StreamsBuilder builder = new StreamsBuilder();
    KTable<String, String> departments = departments(builder);
    KTable<ResultKey, Result> results = results(builder, departments);
    KTable<ShareKey, Share> shares = shares(results);
    totals(shares)
        .toStream(Named.as("totals-changes"))
        .mapValues(Line::of, Named.as("totals-lines"))
        .to(
            topics.totals(),
            Produced.with(new JsonSerde<>(TotalKey.class), new JsonSerde<>(Line.class))
                .withName("totals-sink"));
    return builder.build();
  }

  private KTable<String, String> departments(StreamsBuilder builder) {
    // A versioned store answers for the time of the record that asks, not for now.
    var history = Stores.persistentVersionedKeyValueStore("departments", topics.history());
    return only(DepartmentKnown.class, builder, topics.employee(), "employee")
        .mapValues(DepartmentKnown::departmentId, Named.as("employee-department"))
        .toTable(
            Named.as("departments-table"),
            Materialized.<String, String>as(history).withKeySerde(TEXT).withValueSerde(TEXT));
  }

  private KTable<ResultKey, Result> results(
      StreamsBuilder builder, KTable<String, String> departments) {
    var salaries = new JsonSerde<>(SalaryCalculated.class);
    var keys = new JsonSerde<>(ResultKey.class);
    var values = new JsonSerde<>(Result.class);
    return only(SalaryCalculated.class, builder, topics.payroll(), "payroll")
        // Nobody's pay is left out because their department is not known.
        .leftJoin(
            departments,
            Placed::new,
            Joined.<String, SalaryCalculated, String>with(TEXT, salaries, TEXT)
                .withName("payroll-department"))
        .map(
            (employeeId, placed) ->
                KeyValue.pair(
                    new ResultKey(employeeId, placed.salary().runId()),
                    Result.of(placed.salary(), placed.departmentId())),
            Named.as("payroll-results"))
        .groupByKey(Grouped.with("results", keys, values))
        .reduce(Result::or, Named.as("results-newest"), kept("results", keys, values));
  }

  private record Placed(SalaryCalculated salary, String departmentId) {}

  private KTable<ShareKey, Share> shares(KTable<ResultKey, Result> results) {
    var keys = new JsonSerde<>(ShareKey.class);
    var values = new JsonSerde<>(Share.class);
    return results
        .groupBy(
            (key, result) -> KeyValue.pair(ShareKey.of(key, result), result.share()),
            Grouped.with("shares", keys, values))
        .aggregate(
            () -> Share.NONE,
            (key, added, share) -> share.plus(added),
            (key, replaced, share) -> share.minus(replaced),
            Named.as("shares-sum"),
            kept("shares", keys, values));
  }

  private KTable<TotalKey, Total> totals(KTable<ShareKey, Share> shares) {
    var keys = new JsonSerde<>(TotalKey.class);
    return shares
        .groupBy(
            (key, share) -> KeyValue.pair(key.total(), share),
            Grouped.with("totals", keys, new JsonSerde<>(Share.class)))
        .aggregate(
            () -> Total.NONE,
            (key, added, total) -> total.plus(added),
            (key, replaced, total) -> total.minus(replaced),
            Named.as("totals-sum"),
            kept("totals", keys, new JsonSerde<>(Total.class)));
  }

  /** The events of one kind from a topic, keyed by person. */
  private <E extends Told> KStream<String, E> only(
      Class<E> kind, StreamsBuilder builder, String topic, String name) {
    return builder.stream(
            topic,
            Consumed.with(TEXT, events)
                .withTimestampExtractor(new EventTime())
                .withName(name + "-source"))
        .processValues(() -> new Only<>(kind, topic), Named.as(name + "-only"));
  }

  private static <K, V> Materialized<K, V, KeyValueStore<Bytes, byte[]>> kept(
      String store, Serde<K> keys, Serde<V> values) {
    return Materialized.<K, V, KeyValueStore<Bytes, byte[]>>as(store)
        .withKeySerde(keys)
        .withValueSerde(values);
  }
}
