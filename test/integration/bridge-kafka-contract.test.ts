import { bridgeContract } from "../support/bridge.contract.ts";
import { findOwnKafka, startKafka } from "../support/kafka.ts";
import { kafkaUnderTest } from "../support/kafka-under-test.ts";
import { findOwnRegistry, startRegistry } from "../support/schema-registry.ts";

bridgeContract("Kafka", findOwnKafka() && findOwnRegistry(), async () => {
  const [kafka, registry] = await Promise.all([startKafka(), startRegistry()]);
  return kafkaUnderTest({ ...kafka, registry, replicationFactor: 1 });
});
