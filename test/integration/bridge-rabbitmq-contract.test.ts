import { bridgeContract } from "../support/bridge.contract.ts";
import { findOwnRabbit, startRabbit } from "../support/rabbitmq.ts";
import { openRabbitReader, rabbitSettings, withoutRepeats } from "../support/rabbitmq-reader.ts";
import { tempDir } from "../support/temp.ts";

bridgeContract("RabbitMQ", findOwnRabbit(), async () => {
  const server = await startRabbit();
  const reader = await openRabbitReader([server.port]);
  const temp = tempDir("rabbitmq-bridge");
  const feedId = "attendance";
  return {
    ...server,
    name: "rabbitmq",
    settings: rabbitSettings(temp.path, [server.port]),
    feedId,
    guarantee: "bounded-repeats",
    recipe: withoutRepeats,
    read: () => reader.read(),
    wipe: () => reader.wipe([{ tenant: "acme", feedId }]),
    async stop() {
      await reader.close();
      await server[Symbol.asyncDispose]();
      temp.remove();
    },
  };
});
