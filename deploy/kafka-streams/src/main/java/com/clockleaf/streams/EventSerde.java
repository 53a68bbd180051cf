package com.clockleaf.streams;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** For the source topics, which are read and never written. */
final class EventSerde implements Serde<Event> {

  private final EventDecoder decoder;

  EventSerde(SchemaSource schemas) {
    this.decoder = new EventDecoder(schemas);
  }

  @Override
  public Deserializer<Event> deserializer() {
    return (topic, bytes) -> decoder.decode(bytes);
  }

  @Override
  public Serializer<Event> serializer() {
    return (topic, event) -> {
      throw new UnsupportedOperationException("events are written by the bridge alone");
    };
  }
}
