import { once } from "node:events";
import { parseArgs } from "node:util";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { connectNats } from "@clockleaf/shared/lib/nats-connection.ts";
import { CLOUD_INBOX } from "@clockleaf/shared/subjects.ts";
import { documentsConfigSchema } from "../../cloud/documents/config.ts";
import { startDocuments } from "../../cloud/documents/documents.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { createLeases } from "../../cloud/eventing/kv-leases.ts";
import { openLeaseBucket } from "../../cloud/eventing/lease-bucket.ts";
import { createMemoryVault } from "../../cloud/eventing/vault.ts";
import { rabbitServerSchema } from "../../cloud/rabbitmq/config.ts";
import { reportingConfigSchema } from "../../cloud/reporting/config.ts";
import { startReporting } from "../../cloud/reporting/reporting.ts";
import { openJsDocumentStore } from "../../cloud/storage/js-document-store.ts";
import { LEASE_TTL_MS } from "../../cloud/streams/topology.ts";

/**
 * A process that makes reports and checks documents, with the jobs at RabbitMQ, so that a test can kill it. `stop` names the
 * place where it stops in the middle of a job, until it reads a line: before a report is stored, after, or before a document
 * is read. It says what it is at, a line each.
 */
const { values } = parseArgs({
  options: {
    server: { type: "string", default: "" },
    seed: { type: "string", default: "" },
    dir: { type: "string", default: "" },
    name: { type: "string", default: "" },
    rabbitmq: { type: "string", default: "{}" },
    stop: { type: "string", default: "" },
  },
});
const tenant = "acme";
const log = silentLog();
const nowMs = (): number => Date.now();
const nc = await connectNats({
  servers: [values.server],
  seedFile: values.seed,
  name: values.name,
  inboxPrefix: CLOUD_INBOX,
  log,
});
const vault = createMemoryVault();
const store = await openJsDocumentStore({ nc, vault, tenant, nowMs });
const say = (what: string): void => void process.stdout.write(`${what}\n`);
const stopAt = async (place: string, documentId: string): Promise<void> => {
  say(`${place} ${documentId}`);
  if (values.stop === place) await once(process.stdin, "data");
};
const documents: typeof store = {
  ...store,
  async put(document) {
    await stopAt("before-put", document.documentId);
    const stored = await store.put(document);
    await stopAt("after-put", document.documentId);
    return stored;
  },
  async get(documentId, personId) {
    await stopAt("before-get", documentId);
    return await store.get(documentId, personId);
  },
};
const bucket = await openLeaseBucket(nc, tenant);
const leases = createLeases({ bucket, session: values.name, ttlMs: LEASE_TTL_MS, log });
const options = {
  nc,
  eventStore: await openJsEventStore({ nc, vault }),
  vault,
  tenant,
  dataDir: values.dir,
  nowMs,
  log,
  isWorking: true,
  leases,
  documents,
  rabbitmq: rabbitServerSchema.parse(JSON.parse(values.rabbitmq)),
};
await startDocuments({
  ...options,
  config: documentsConfigSchema.parse({ queue: "rabbitmq", workers: 1 }),
});
await startReporting({
  ...options,
  reporting: reportingConfigSchema.parse({ queue: "rabbitmq", workers: 1 }),
});
leases.start();
say("started");
