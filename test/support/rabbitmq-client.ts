import { Connection, type SyncMessage } from "rabbitmq-client";

/** A plain client of a test's server, as anybody's would be. */
export function rabbitClient(ports: readonly number[], vhost = "/"): Connection {
  const connection = new Connection({
    hosts: ports.map((port) => `127.0.0.1:${port}`),
    username: "guest",
    password: "guest",
    vhost,
    heartbeat: 5,
    retryLow: 100,
    retryHigh: 500,
  });
  connection.on("error", () => undefined);
  return connection;
}

/** Takes everything that lies in a queue just now. */
export async function drain(connection: Connection, queue: string): Promise<SyncMessage[]> {
  const channel = await connection.acquire();
  const found: SyncMessage[] = [];
  for (;;) {
    const message = await channel.basicGet({ queue, noAck: true });
    if (message === undefined) break;
    found.push(message);
  }
  await channel.close();
  return found;
}
