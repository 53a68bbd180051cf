package com.clockleaf.streams;

import com.clockleaf.streams.Event.PassedOver;
import com.clockleaf.streams.Event.Reason;
import com.clockleaf.streams.Event.Told;
import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.Sensor.RecordingLevel;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands on events of one kind and counts all else by reason, as {@code passed-over-REASON-total} of
 * the topic's entity in {@code stream-clockleaf-metrics}. What no bridge writes is logged with its
 * place, and nothing of what is in it.
 */
final class Only<E extends Told> implements FixedKeyProcessor<String, Event, E> {

  private static final Logger LOG = LoggerFactory.getLogger(Only.class);

  private final Class<E> wanted;
  private final String topic;
  private final Map<Reason, Sensor> counters = new EnumMap<>(Reason.class);
  private FixedKeyProcessorContext<String, E> context;

  Only(Class<E> wanted, String topic) {
    this.wanted = wanted;
    this.topic = topic;
  }

  @Override
  public void init(FixedKeyProcessorContext<String, E> context) {
    this.context = context;
    for (Reason reason : Reason.values()) {
      String operation = "passed-over-" + reason.label();
      Sensor counter =
          context.metrics().addRateTotalSensor("clockleaf", topic, operation, RecordingLevel.INFO);
      counters.put(reason, counter);
    }
  }

  @Override
  public void process(FixedKeyRecord<String, Event> record) {
    Event event = record.value();
    if (event instanceof PassedOver passed) {
      passOver(passed.reason());
    } else if (!wanted.isInstance(event)) {
      passOver(Reason.OTHER_TYPE);
    } else {
      E told = wanted.cast(event);
      if (told.employeeId().equals(record.key())) context.forward(record.withValue(told));
      else passOver(Reason.MISPLACED);
    }
  }

  private void passOver(Reason reason) {
    counters.get(reason).record();
    if (!reason.isOdd()) return;
    context
        .recordMetadata()
        .ifPresent(
            at ->
                LOG.warn(
                    "record passed over: {}-{} offset {} is {}",
                    at.topic(),
                    at.partition(),
                    at.offset(),
                    reason.label()));
  }
}
