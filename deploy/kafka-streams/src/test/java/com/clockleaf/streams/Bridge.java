package com.clockleaf.streams;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * Writes records as the platform's bridge does, by the schemas that it registers (its golden
 * files), and knows their ids as a registry would.
 */
final class Bridge implements SchemaSource {

  private final List<Schema> registered = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();

  static Schema golden(String name) {
    try (InputStream file = Bridge.class.getResourceAsStream("/golden/" + name + ".avsc")) {
      return new Schema.Parser().parse(file);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  @Override
  public Schema byId(int id) {
    if (id < 1 || id > registered.size()) {
      throw new SchemaUnavailableException("schema " + id + ": not registered", null);
    }
    return registered.get(id - 1);
  }

  byte[] salary(Salary salary) {
    Schema schema = golden("SalaryCalculated");
    GenericRecord data = empty(schema, "salaryData");
    data.put("employeeId", salary.employeeId());
    data.put("runId", salary.runId());
    data.put("periodId", salary.periodId());
    data.put("currency", salary.currency());
    data.put("grossMinor", salary.grossMinor());
    data.put("netMinor", salary.netMinor());
    data.put("employerCostMinor", 0L);
    data.put("lines", List.of());
    data.put("revision", salary.revision());
    return framed(event(schema, salary.at(), "salaryData", data));
  }

  record Salary(
      String employeeId,
      String runId,
      String periodId,
      String currency,
      long grossMinor,
      long netMinor,
      long revision,
      long at) {}

  byte[] created(String employeeId, String departmentId, long at) {
    return whole("EmployeeCreated", employeeId, departmentId, at);
  }

  byte[] updated(String employeeId, String departmentId, long at) {
    return whole("EmployeeUpdated", employeeId, departmentId, at);
  }

  byte[] moved(String employeeId, String from, String to, long at) {
    Schema schema = golden("DepartmentChanged");
    GenericRecord data = empty(schema, "departmentData");
    data.put("employeeId", employeeId);
    data.put("fromDepartmentId", from);
    data.put("toDepartmentId", to);
    data.put("at", at);
    return framed(event(schema, at, "departmentData", data));
  }

  /** An event that says nothing about pay or departments. */
  byte[] activated(String employeeId, long at) {
    Schema schema = golden("EmployeeActivated");
    String part = schema.getFields().get(1).name();
    GenericRecord data = empty(schema, part);
    data.put("employeeId", employeeId);
    data.put("at", at);
    return framed(event(schema, at, part, data));
  }

  private byte[] whole(String name, String employeeId, String departmentId, long at) {
    Schema schema = golden(name);
    GenericRecord data = empty(schema, "employeeData");
    for (Schema.Field field : data.getSchema().getFields()) {
      switch (field.schema().getType()) {
        case STRING -> data.put(field.name(), "x");
        case ARRAY -> data.put(field.name(), List.of());
        default -> data.put(field.name(), null);
      }
    }
    data.put("employeeId", employeeId);
    data.put("departmentId", departmentId);
    return framed(event(schema, at, "employeeData", data));
  }

  private static GenericRecord empty(Schema schema, String part) {
    return new GenericData.Record(schema.getField(part).schema());
  }

  private static GenericRecord event(Schema schema, long at, String part, GenericRecord data) {
    GenericRecord metadata = empty(schema, "eventMetadata");
    metadata.put("eventId", "e");
    metadata.put("eventType", "t");
    metadata.put("timestamp", at);
    metadata.put("version", "1.0");
    metadata.put("source", "test");
    GenericRecord record = new GenericData.Record(schema);
    record.put("eventMetadata", metadata);
    record.put(part, data);
    return record;
  }

  /** In the wire format, under the id that the record's schema has or gets now. */
  byte[] framed(GenericRecord record) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(0);
    bytes.writeBytes(ByteBuffer.allocate(4).putInt(register(record.getSchema())).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    try {
      new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
      encoder.flush();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    return bytes.toByteArray();
  }

  int register(Schema schema) {
    return ids.computeIfAbsent(
        schema.toString(),
        text -> {
          registered.add(schema);
          return registered.size();
        });
  }
}
