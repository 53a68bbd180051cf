package com.clockleaf.streams;

import com.clockleaf.streams.Event.DepartmentKnown;
import com.clockleaf.streams.Event.PassedOver;
import com.clockleaf.streams.Event.Reason;
import com.clockleaf.streams.Event.SalaryCalculated;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * Bytes in the Confluent wire format (0x00, id of the schema as 4 bytes big-endian, Avro body) as
 * events. Fields are found by their names in the schema that the record was written by, so added,
 * dropped and reordered ones do no harm. Whatever the bytes are, nothing is thrown on their
 * account; only {@link SchemaUnavailableException} passes. Safe for use by many threads.
 */
final class EventDecoder {

  private static final byte MAGIC = 0;
  private static final int HEADER_BYTES = 5;

  /**
   * How a period's name ends: 2026-11, 2026-11-1 (half a month), 2026-11-16 (a week's first day).
   */
  private static final Pattern PERIOD =
      Pattern.compile("-(\\d{4}-(?:0[1-9]|1[0-2]))(?:-\\d{1,2})?$");

  private final SchemaSource schemas;

  EventDecoder(SchemaSource schemas) {
    this.schemas = schemas;
  }

  Event decode(byte[] bytes) {
    if (bytes == null) return new PassedOver(Reason.TOMBSTONE);
    if (bytes.length < HEADER_BYTES || bytes[0] != MAGIC) return new PassedOver(Reason.UNFRAMED);
    Schema schema = schemas.byId(ByteBuffer.wrap(bytes).getInt(1));
    if (!isOfInterest(schema.getFullName())) return new PassedOver(Reason.OTHER_TYPE);
    GenericRecord record;
    try {
      record = read(schema, bytes);
    } catch (IOException | RuntimeException error) {
      // Avro's reader throws half a dozen unrelated classes at bytes that it did not expect.
      return new PassedOver(Reason.UNREADABLE);
    }
    try {
      return eventOf(record);
    } catch (IncompleteException error) {
      return new PassedOver(Reason.INCOMPLETE);
    }
  }

  private static boolean isOfInterest(String name) {
    return switch (name) {
      case Names.SALARY_CALCULATED,
          Names.EMPLOYEE_CREATED,
          Names.EMPLOYEE_UPDATED,
          Names.DEPARTMENT_CHANGED ->
          true;
      default -> false;
    };
  }

  private static GenericRecord read(Schema schema, byte[] bytes) throws IOException {
    int length = bytes.length - HEADER_BYTES;
    BinaryDecoder body = DecoderFactory.get().binaryDecoder(bytes, HEADER_BYTES, length, null);
    GenericRecord record = new GenericDatumReader<GenericRecord>(schema).read(null, body);
    if (!body.isEnd()) throw new IOException("bytes are left over");
    return record;
  }

  private static Event eventOf(GenericRecord record) {
    long timestamp = number(part(record, "eventMetadata"), "timestamp");
    if (timestamp < 0) throw new IncompleteException();
    return switch (record.getSchema().getFullName()) {
      case Names.SALARY_CALCULATED -> salary(timestamp, part(record, "salaryData"));
      case Names.DEPARTMENT_CHANGED ->
          department(timestamp, part(record, "departmentData"), "toDepartmentId");
      default -> department(timestamp, part(record, "employeeData"), "departmentId");
    };
  }

  private static Event salary(long timestamp, GenericRecord data) {
    return new SalaryCalculated(
        timestamp,
        text(data, "employeeId"),
        text(data, "runId"),
        month(text(data, "periodId")),
        text(data, "currency"),
        number(data, "grossMinor"),
        number(data, "netMinor"),
        number(data, "revision"));
  }

  private static Event department(long timestamp, GenericRecord data, String field) {
    return new DepartmentKnown(timestamp, text(data, "employeeId"), text(data, field));
  }

  /** The month that a period belongs to: the one it begins in. */
  private static String month(String periodId) {
    Matcher period = PERIOD.matcher(periodId);
    if (!period.find()) throw new IncompleteException();
    return period.group(1);
  }

  private static GenericRecord part(GenericRecord record, String field) {
    if (valueOf(record, field) instanceof GenericRecord part) return part;
    throw new IncompleteException();
  }

  private static String text(GenericRecord record, String field) {
    if (valueOf(record, field) instanceof CharSequence text && text.length() > 0) {
      return text.toString();
    }
    throw new IncompleteException();
  }

  private static long number(GenericRecord record, String field) {
    Object value = valueOf(record, field);
    if (value instanceof Long || value instanceof Integer) return ((Number) value).longValue();
    throw new IncompleteException();
  }

  /** Null for a field that the writer's schema does not have. */
  private static Object valueOf(GenericRecord record, String field) {
    return record.hasField(field) ? record.get(field) : null;
  }

  /** Ends a decoding early; never leaves this class. */
  private static final class IncompleteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    IncompleteException() {
      super(null, null, false, false);
    }
  }

  /** Full names of the records that count here. */
  private static final class Names {
    static final String SALARY_CALCULATED = "com.hr.payroll.events.SalaryCalculated";
    static final String EMPLOYEE_CREATED = "com.hr.employee.events.EmployeeCreated";
    static final String EMPLOYEE_UPDATED = "com.hr.employee.events.EmployeeUpdated";
    static final String DEPARTMENT_CHANGED = "com.hr.employee.events.DepartmentChanged";
  }
}
