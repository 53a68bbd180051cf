package com.clockleaf.streams;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Java records as JSON objects. The same record always gives the same bytes, which keys must:
 * fields come in the order that {@code @JsonPropertyOrder} of the record names.
 */
final class JsonSerde<T> implements Serde<T> {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Class<T> type;

  JsonSerde(Class<T> type) {
    this.type = type;
  }

  @Override
  public Serializer<T> serializer() {
    return (topic, value) -> {
      try {
        return value == null ? null : JSON.writeValueAsBytes(value);
      } catch (IOException error) {
        throw new UncheckedIOException(error);
      }
    };
  }

  @Override
  public Deserializer<T> deserializer() {
    return (topic, bytes) -> {
      try {
        return bytes == null ? null : JSON.readValue(bytes, type);
      } catch (IOException error) {
        throw new UncheckedIOException(error);
      }
    };
  }
}
