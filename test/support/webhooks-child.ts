import { parseArgs } from "node:util";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { connectNats } from "@clockleaf/shared/lib/nats-connection.ts";
import { CLOUD_INBOX } from "@clockleaf/shared/subjects.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { createLeases } from "../../cloud/eventing/kv-leases.ts";
import { openLeaseBucket } from "../../cloud/eventing/lease-bucket.ts";
import { LEASE_TTL_MS } from "../../cloud/streams/topology.ts";
import { openKvVault } from "../../cloud/vault/kv-vault.ts";
import { webhooksConfigSchema } from "../../cloud/webhooks/config.ts";
import { startWebhooks } from "../../cloud/webhooks/webhooks.ts";

/** A process that sends webhooks and shares that with others, so that a test can kill it. `config` is JSON. */
const { values } = parseArgs({
  options: {
    server: { type: "string", default: "" },
    seed: { type: "string", default: "" },
    dir: { type: "string", default: "" },
    session: { type: "string", default: "" },
    masterKeyFile: { type: "string", default: "" },
    config: { type: "string", default: "{}" },
    /** Writes how far it is before the events went out. */
    fault: { type: "boolean", default: false },
  },
});
const log = silentLog();
const nowMs = (): number => Date.now();
const nc = await connectNats({
  servers: [values.server],
  seedFile: values.seed,
  name: "webhooks-child",
  inboxPrefix: CLOUD_INBOX,
  log,
});
const vault = await openKvVault({ nc, masterKeyFile: values.masterKeyFile, nowMs, log });
const bucket = await openLeaseBucket(nc, "acme");
const leases = createLeases({ bucket, session: values.session, ttlMs: LEASE_TTL_MS, log });
await startWebhooks({
  nc,
  eventStore: await openJsEventStore({ nc, vault }),
  tenant: "acme",
  dataDir: values.dir,
  nowMs,
  log,
  vault,
  isWorking: true,
  leases,
  config: webhooksConfigSchema.parse(JSON.parse(values.config)),
  lookEveryMs: 50,
  ...(values.fault ? { testHooks: { ackBeforeApply: true } } : {}),
});
leases.start();
process.stdout.write("started\n");
