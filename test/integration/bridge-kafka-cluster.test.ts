import { bridgeContract, type DestinationUnderTest } from "../support/bridge.contract.ts";
import { findOwnKafka } from "../support/kafka.ts";
import { startKafkaCluster } from "../support/kafka-cluster.ts";
import { kafkaUnderTest } from "../support/kafka-under-test.ts";
import { findOwnRegistry, startRegistry } from "../support/schema-registry.ts";

bridgeContract({
  title: "Kafka on three brokers",
  found: () => findOwnKafka() && findOwnRegistry(),
  open: openCluster,
});

/** Three copies, two of which must be in step. What is killed or frozen is one broker, after each kill another. */
async function openCluster(): Promise<DestinationUnderTest> {
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
