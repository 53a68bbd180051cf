import { bridgeContract, type DestinationUnderTest } from "../support/bridge.contract.ts";
import { findOwnKafka } from "../support/kafka.ts";
import { startKafkaCluster } from "../support/kafka-cluster.ts";
import { kafkaUnderTest } from "../support/kafka-under-test.ts";
import { findOwnRegistry, startRegistry } from "../support/schema-registry.ts";

/** Three copies, two of which must be in step: what is killed, or stopped in its tracks, is one broker, another each time. */
async function open(): Promise<DestinationUnderTest> {
  const [cluster, registry] = await Promise.all([startKafkaCluster(), startRegistry()]);
  let turn = 0;
  const node = () => {
    const chosen = cluster.nodes[turn % cluster.nodes.length];
    if (chosen === undefined) throw new Error("a cluster without nodes");
    return chosen;
  };
  return kafkaUnderTest({
    brokers: cluster.brokers,
    replicationFactor: 3,
    registry,
    kill: () => node().kill(),
    async start() {
      await node().start();
      turn += 1;
    },
    freeze: () => node().freeze(),
    thaw: () => node().thaw(),
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  });
}

bridgeContract({
  title: "Kafka on three brokers",
  found: () => findOwnKafka() && findOwnRegistry(),
  open,
});
