import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { connectNats } from "@clockleaf/shared/lib/nats-connection.ts";
import { gatewayInbox } from "@clockleaf/shared/subjects.ts";
import { privateKeyOfSeed } from "@clockleaf/shared/wire/nkey.ts";
import { journalConfigSchema } from "../../edge-agent/journal/config.ts";
import { openJournal } from "../../edge-agent/journal/journal.ts";
import { startUplink } from "../../edge-agent/uplink/uplink.ts";
import { TEST_GATEWAY } from "./nats.ts";

/** An agent reduced to journal and uplink, as a process of its own that a test can kill. Small segments, many acks. */
const { values } = parseArgs({
  options: {
    journal: { type: "string", default: "" },
    server: { type: "string", default: "" },
    seed: { type: "string", default: "" },
    rows: { type: "string", default: "5" },
  },
});
const log = silentLog();
const journal = await openJournal({
  config: journalConfigSchema.parse({ path: values.journal }),
  log,
});
const connection = await connectNats({
  servers: [values.server],
  seedFile: values.seed,
  name: "uplink-child",
  inboxPrefix: gatewayInbox(TEST_GATEWAY),
  log,
});
const uplink = await startUplink({
  source: journal,
  connection,
  identity: TEST_GATEWAY,
  signKey: privateKeyOfSeed(readFileSync(values.seed, "utf8")),
  log,
  maxRows: Number(values.rows),
});
process.stdout.write("started\n");
setInterval(() => {
  if (uplink.state().kind === "idle") process.stdout.write("idle\n");
}, 20);
