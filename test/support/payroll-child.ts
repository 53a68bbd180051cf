import { parseArgs } from "node:util";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { connectNats } from "@clockleaf/shared/lib/nats-connection.ts";
import { CLOUD_INBOX } from "@clockleaf/shared/subjects.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { heldHere } from "../../cloud/eventing/leases.ts";
import { startPayroll } from "../../cloud/payroll/payroll.ts";
import { rabbitServerSchema } from "../../cloud/rabbitmq/config.ts";
import { createMemoryDocumentStore } from "../../cloud/storage/document-store.ts";
import { openKvVault } from "../../cloud/vault/kv-vault.ts";
import { PAYROLL_TEST_CONFIG } from "./payroll.ts";

/** A process that answers what people earn, so that a test can kill it. `rabbitmq` is JSON. */
const { values } = parseArgs({
  options: {
    server: { type: "string", default: "" },
    seed: { type: "string", default: "" },
    dir: { type: "string", default: "" },
    master: { type: "string", default: "" },
    rabbitmq: { type: "string", default: "{}" },
  },
});
const log = silentLog();
const nowMs = (): number => Date.now();
const nc = await connectNats({
  servers: [values.server],
  seedFile: values.seed,
  name: "payroll-child",
  inboxPrefix: CLOUD_INBOX,
  log,
});
const vault = await openKvVault({ nc, masterKeyFile: values.master, nowMs, log });
await startPayroll({
  nc,
  eventStore: await openJsEventStore({ nc, vault }),
  tenant: "acme",
  dataDir: values.dir,
  nowMs,
  log,
  vault,
  isWorking: true,
  leases: heldHere(),
  documents: createMemoryDocumentStore(),
  config: { ...PAYROLL_TEST_CONFIG, answers: ["nats", "rabbitmq"] },
  rabbitmq: rabbitServerSchema.parse(JSON.parse(values.rabbitmq)),
});
process.stdout.write("started\n");
