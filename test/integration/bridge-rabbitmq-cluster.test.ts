import { bridgeContract, type DestinationUnderTest } from "../support/bridge.contract.ts";
import { findOwnRabbit } from "../support/rabbitmq.ts";
import { startRabbitCluster } from "../support/rabbitmq-cluster.ts";
import { openRabbitReader, rabbitSettings, withoutRepeats } from "../support/rabbitmq-reader.ts";
import { tempDir } from "../support/temp.ts";

// The same promises on three nodes: of these one is killed at a time, each in its turn, and everything goes on.
bridgeContract({ title: "a RabbitMQ cluster", found: findOwnRabbit, open: openCluster });

async function openCluster(): Promise<DestinationUnderTest> {
  const cluster = await startRabbitCluster();
  const { nodes } = cluster;
  const ports = nodes.map(({ port }) => port);
  const reader = await openRabbitReader(ports);
  const temp = tempDir("rabbitmq-bridge");
  const feedId = "attendance";
  let turn = 0;
  const nodeOfTurn = () => nodes[turn % nodes.length] ?? nodes[0];
  return {
    name: "rabbitmq",
    settings: rabbitSettings(temp.path, ports),
    feedId,
    guarantee: "bounded-repeats",
    recipe: withoutRepeats,
    read: () => reader.read(),
    kill: async () => nodeOfTurn()?.kill(),
    async start() {
      await nodeOfTurn()?.start();
      turn += 1;
    },
    freeze() {
      for (const node of nodes) node.freeze();
    },
    thaw() {
      for (const node of nodes) node.thaw();
    },
    wipe: () => reader.wipe([{ tenant: "acme", feedId }]),
    async stop() {
      await reader.close();
      await cluster[Symbol.asyncDispose]();
      temp.remove();
    },
  };
}
