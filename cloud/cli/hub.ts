import { createLog, type Log } from "@clockleaf/shared/lib/log.ts";
import { connectNats } from "@clockleaf/shared/lib/nats-connection.ts";
import { CLOUD_INBOX } from "@clockleaf/shared/subjects.ts";
import type { NatsConnection } from "nats";
import type { CloudConfig } from "../config.ts";

/** A connection to the hub for one command. */
export async function withHub(
  config: CloudConfig,
  name: string,
  work: (nc: NatsConnection, log: Log) => Promise<number>,
): Promise<number> {
  const log = createLog({ room: "cloud", level: config.logLevel });
  const { servers, seedFile } = config.nats;
  const seed = seedFile === undefined ? {} : { seedFile };
  const nc = await connectNats({ servers, ...seed, name, inboxPrefix: CLOUD_INBOX, log });
  try {
    return await work(nc, log);
  } finally {
    await nc.close();
  }
}
