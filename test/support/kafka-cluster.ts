import { formatNodes, type KafkaNode, planNodes, startNode } from "./kafka.ts";
import { tempDir } from "./temp.ts";

export interface KafkaCluster extends AsyncDisposable {
  readonly nodes: readonly KafkaNode[];
  /** The addresses of all. */
  readonly brokers: readonly string[];
}

/**
 * Starts three nodes that are brokers and controllers at once, with three copies of everything, two of which must be in
 * step for a write. Writes go on a few seconds after any one was killed.
 */
export async function startKafkaCluster(): Promise<KafkaCluster> {
  const temp = tempDir("kafka-cluster");
  const nodes: KafkaNode[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.kill()));
    temp.remove();
  };
  try {
    const config = [
      "default.replication.factor=3",
      "min.insync.replicas=2",
      "offsets.topic.replication.factor=3",
      "transaction.state.log.replication.factor=3",
      "transaction.state.log.min.isr=2",
      "share.coordinator.state.topic.replication.factor=3",
      "share.coordinator.state.topic.min.isr=2",
    ];
    const plans = (await planNodes(temp.path, 3)).map((plan) => Object.assign(plan, { config }));
    await formatNodes(plans);
    const started = await Promise.allSettled(
      plans.map(async (plan) => nodes.push(await startNode(plan))),
    );
    const failed = started.find((each) => each.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  } catch (error) {
    await stop();
    throw error;
  }
  return { nodes, brokers: nodes.flatMap(({ brokers }) => brokers), [Symbol.asyncDispose]: stop };
}
