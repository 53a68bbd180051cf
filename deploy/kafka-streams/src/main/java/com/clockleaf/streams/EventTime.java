package com.clockleaf.streams;

import com.clockleaf.streams.Event.Told;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * The event's own time, however late a bridge wrote it: what "the department as of the calculation"
 * goes by.
 */
final class EventTime implements TimestampExtractor {

  @Override
  public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
    return record.value() instanceof Told event ? event.timestamp() : record.timestamp();
  }
}
