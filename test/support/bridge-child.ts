import { readFileSync } from "node:fs";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { connectNats } from "@clockleaf/shared/lib/nats-connection.ts";
import { CLOUD_INBOX } from "@clockleaf/shared/subjects.ts";
import { z } from "zod";
import type { Destination } from "../../cloud/bridges/bridge.ts";
import { startBridges } from "../../cloud/bridges/bridges.ts";
import { bridgesConfigSchema } from "../../cloud/bridges/config.ts";
import { openDestinations } from "../../cloud/bridges/destinations.ts";
import { heldHere } from "../../cloud/eventing/leases.ts";

/** Shares of the batches that fail: before anything was stored, and after all was, so that only the answer is lost. */
const failuresSchema = z.object({ before: z.number(), after: z.number() });
export type Failures = z.output<typeof failuresSchema>;

/** What the file named on the command line says. */
export const childSchema = z.object({
  servers: z.array(z.string()),
  seedFile: z.string(),
  tenant: z.string(),
  /** As the configuration of the cloud spells them. */
  bridges: bridgesConfigSchema,
  /** Only feeds from these streams. */
  streams: z.array(z.string()),
  failures: failuresSchema.optional(),
  /** A planted fault: Kafka's checkpoint is sent outside the transaction of the records. */
  checkpointApart: z.boolean().default(false),
});
export type ChildSettings = z.input<typeof childSchema>;

function fail(share: number): void {
  if (Math.random() >= share) return;
  throw new PlatformError("bridge.unreachable", "a failure for the test", { retriable: true });
}

function failingNowAndThen(destination: Destination, failures: Failures | undefined): Destination {
  if (failures === undefined) return destination;
  return {
    ...destination,
    async open(opening) {
      const sink = await destination.open(opening);
      return {
        position: sink.position,
        encode: (record) => sink.encode(record),
        async apply(batch, position) {
          fail(failures.before);
          await sink.apply(batch, position);
          fail(failures.after);
        },
        close: () => sink.close(),
      };
    },
  };
}

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
  const { checkpointApart } = settings;
  const all = await openDestinations({ nc, tenant, config, log, checkpointApart });
  const destinations = all.map((destination) =>
    Object.assign(failingNowAndThen(destination, settings.failures), {
      feeds: destination.feeds.filter(({ stream }) => streams.includes(stream)),
    }),
  );
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
