package com.clockleaf.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.clockleaf.streams.Bridge.Salary;
import com.clockleaf.streams.Event.DepartmentKnown;
import com.clockleaf.streams.Event.PassedOver;
import com.clockleaf.streams.Event.Reason;
import com.clockleaf.streams.Event.SalaryCalculated;
import java.util.Arrays;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventDecoderTest {

  private final Bridge bridge = new Bridge();
  private final EventDecoder decoder = new EventDecoder(bridge);

  private Salary salary(String periodId) {
    return new Salary("mara", "run-1", periodId, "EUR", 410_000, 261_043, 2, 1_000);
  }

  @Test
  @DisplayName("reads every record that counts, by the schemas that the bridge registers")
  void readsEveryRecordThatCounts() {
    assertEquals(
        new SalaryCalculated(1_000, "mara", "run-1", "2026-11", "EUR", 410_000, 261_043, 2),
        decoder.decode(bridge.salary(salary("monthly-2026-11"))));
    assertEquals(
        new DepartmentKnown(5, "mara", "ops"), decoder.decode(bridge.created("mara", "ops", 5)));
    assertEquals(
        new DepartmentKnown(6, "mara", "it"), decoder.decode(bridge.updated("mara", "it", 6)));
    assertEquals(
        new DepartmentKnown(7, "mara", "hr"), decoder.decode(bridge.moved("mara", "it", "hr", 7)));
  }

  @ParameterizedTest
  @DisplayName("a period belongs to the month it begins in, whatever the pay group is called")
  @CsvSource({
    "monthly-2026-11, 2026-11",
    "half-2026-11-2, 2026-11",
    "weekly-2026-11-30, 2026-11",
    "g-2025-12-2026-01, 2026-01",
    "g-2025-2026-01-1, 2026-01"
  })
  void periodsHaveMonths(String periodId, String month) {
    Event event = decoder.decode(bridge.salary(salary(periodId)));
    assertEquals(month, assertInstanceOf(SalaryCalculated.class, event).month());
  }

  @ParameterizedTest
  @DisplayName("a period without a month makes a record incomplete")
  @ValueSource(strings = {"monthly", "m-2026-13", "m-2026-11-x", "2026-11"})
  void periodsWithoutMonth(String periodId) {
    assertPassedOver(Reason.INCOMPLETE, bridge.salary(salary(periodId)));
  }

  @Test
  @DisplayName("passes over what is of no use here, and says why")
  void passesOver() {
    assertPassedOver(Reason.TOMBSTONE, null);
    assertPassedOver(Reason.OTHER_TYPE, bridge.activated("mara", 1));
    assertPassedOver(Reason.UNFRAMED, new byte[0]);
    assertPassedOver(Reason.UNFRAMED, new byte[] {0, 0, 0, 1});
    assertPassedOver(Reason.UNFRAMED, "{\"employeeId\":\"mara\"}".getBytes());
    byte[] longer = bridge.created("mara", "ops", 5);
    assertPassedOver(Reason.UNREADABLE, Arrays.copyOf(longer, longer.length + 1));
    assertPassedOver(Reason.INCOMPLETE, bridge.created("mara", "ops", -5));
  }

  @Test
  @DisplayName("a record of the right name but another shape is incomplete")
  void otherShape() {
    Schema schema =
        SchemaBuilder.record("SalaryCalculated")
            .namespace("com.hr.payroll.events")
            .fields()
            .requiredString("salaryData")
            .endRecord();
    GenericRecord record = new GenericData.Record(schema);
    record.put("salaryData", "much");
    assertPassedOver(Reason.INCOMPLETE, bridge.framed(record));
  }

  @Test
  @DisplayName("a schema that is not to be had stops the reading: the record is not passed over")
  void unknownSchema() {
    byte[] bytes = {0, 0, 0, 0, 99, 1};
    assertThrows(SchemaUnavailableException.class, () -> decoder.decode(bytes));
  }

  @Test
  @DisplayName("no bytes make it throw: cut short, flipped, made up")
  void damagedBytes() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] whole = bridge.salary(salary("monthly-2026-11"));
    for (int length = 5; length < whole.length; length++) {
      assertPassedOver(Reason.UNREADABLE, Arrays.copyOf(whole, length));
    }
    for (int round = 0; round < 5_000; round++) {
      byte[] bytes = whole.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        bytes[5 + random.nextInt(bytes.length - 5)] = (byte) random.nextInt(256);
      }
      assertNotNull(decoder.decode(bytes), "seed " + seed);
    }
    for (int round = 0; round < 5_000; round++) {
      byte[] bytes = new byte[5 + random.nextInt(200)];
      random.nextBytes(bytes);
      System.arraycopy(whole, 0, bytes, 0, 5);
      assertNotNull(decoder.decode(bytes), "seed " + seed);
    }
  }

  private void assertPassedOver(Reason reason, byte[] bytes) {
    Event event = decoder.decode(bytes);
    assertTrue(event instanceof PassedOver passed && passed.reason() == reason, () -> "" + event);
  }
}
