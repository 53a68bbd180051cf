import { readFileSync } from "node:fs";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { connectNats } from "@clockleaf/shared/lib/nats-connection.ts";
import { CLOUD_INBOX } from "@clockleaf/shared/subjects.ts";
import { z } from "zod";
import { startBridges } from "../../cloud/bridges/bridges.ts";
import { bridgesConfigSchema } from "../../cloud/bridges/config.ts";
import { openDestinations } from "../../cloud/bridges/destinations.ts";
import { heldHere } from "../../cloud/eventing/leases.ts";

/** What the file named on the command line says. */
export const childSchema = z.object({
  servers: z.array(z.string()),
  seedFile: z.string(),
  tenant: z.string(),
  /** As the configuration of the cloud spells them. */
  bridges: bridgesConfigSchema,
  /** Only feeds from these streams. */
  streams: z.array(z.string()),
});
export type ChildSettings = z.input<typeof childSchema>;

// Bridges as a process of its own, to be killed by a test: <settings file>.
if (import.meta.main) {
  const [file = ""] = process.argv.slice(2);
  const settings = childSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  const { tenant, servers, seedFile, streams } = settings;
  const log = silentLog();
  const nc = await connectNats({
    servers,
    seedFile,
    name: "bridges",
    inboxPrefix: CLOUD_INBOX,
    log,
  });
  const config = settings.bridges;
  const all = await openDestinations({ nc, tenant, config, log });
  const destinations = all.map((destination) => ({
    ...destination,
    feeds: destination.feeds.filter(({ stream }) => streams.includes(stream)),
  }));
  await startBridges({
    nc,
    tenant,
    destinations,
    limits: config.batch,
    leases: heldHere(),
    nowMs: () => Date.now(),
    log,
    postEveryMs: 200,
  });
  process.stdout.write("started\n");
}
