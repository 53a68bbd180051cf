import { parseArgs } from "node:util";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { connectNats } from "@clockleaf/shared/lib/nats-connection.ts";
import { CLOUD_INBOX } from "@clockleaf/shared/subjects.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { heldHere } from "../../cloud/eventing/leases.ts";
import { createMemoryVault } from "../../cloud/eventing/vault.ts";
import { notificationConfigSchema } from "../../cloud/notification/config.ts";
import { startNotification } from "../../cloud/notification/notification.ts";
import { rabbitServerSchema } from "../../cloud/rabbitmq/config.ts";

/** A process that tells people, so that a test can kill it. `config` is JSON; times are short. */
const { values } = parseArgs({
  options: {
    server: { type: "string", default: "" },
    seed: { type: "string", default: "" },
    dir: { type: "string", default: "" },
    config: { type: "string", default: "{}" },
    rabbitmq: { type: "string" },
  },
});
const log = silentLog();
const nc = await connectNats({
  servers: [values.server],
  seedFile: values.seed,
  name: "notification-child",
  inboxPrefix: CLOUD_INBOX,
  log,
});
await startNotification({
  nc,
  eventStore: await openJsEventStore({ nc }),
  tenant: "acme",
  dataDir: values.dir,
  nowMs: () => Date.now(),
  log,
  vault: createMemoryVault(),
  isWorking: true,
  leases: heldHere(),
  config: notificationConfigSchema.parse(JSON.parse(values.config)),
  ...(values.rabbitmq === undefined
    ? {}
    : { rabbitmq: rabbitServerSchema.parse(JSON.parse(values.rabbitmq)) }),
  employeesOfRole: () => [],
  rescueEveryMs: 100,
  ackWaitMs: 1_000,
});
process.stdout.write("started\n");
