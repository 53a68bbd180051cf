import { lastingPort } from "./ports.ts";
import { makeFamily, planNode, type RabbitNode, startNames, startNode } from "./rabbitmq.ts";
import type { ServerProcess } from "./server-process.ts";
import { tempDir } from "./temp.ts";

export interface RabbitCluster extends AsyncDisposable {
  readonly nodes: readonly RabbitNode[];
  readonly urls: readonly string[];
}

/** Starts a cluster of three nodes: a quorum queue has a copy on each and goes on while any one is missing. */
export async function startRabbitCluster(): Promise<RabbitCluster> {
  const temp = tempDir("rabbitmq-cluster");
  const nodes: RabbitNode[] = [];
  let names: ServerProcess | undefined;
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.kill()));
    await names?.kill();
    temp.remove();
  };
  try {
    const family = makeFamily(temp.path, await lastingPort());
    names = await startNames(family);
    const plans = [await planNode(), await planNode(), await planNode()];
    const config = [
      "cluster_formation.peer_discovery_backend = classic_config",
      ...plans.map(
        ({ name }, index) => `cluster_formation.classic_config.nodes.${index + 1} = ${name}`,
      ),
      // Whoever sees less than half of the others stops, instead of going its own way.
      "cluster_partition_handling = pause_minority",
    ];
    const started = await Promise.allSettled(
      plans.map(async (plan) => nodes.push(await startNode(family, { ...plan, config }))),
    );
    const failed = started.find((each) => each.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  } catch (error) {
    await stop();
    throw error;
  }
  return { nodes, urls: nodes.map(({ url }) => url), [Symbol.asyncDispose]: stop };
}
