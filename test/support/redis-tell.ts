import { createClient } from "redis";

/** One command, over a connection of its own; replies as the protocol has them: text, numbers, null, lists of these. */
export async function tellRedis(url: string, ...command: readonly string[]): Promise<unknown> {
  const client = createClient({ url, RESP: 2, disableClientInfo: true });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await client.sendCommand([...command]);
  } finally {
    client.destroy();
  }
}
