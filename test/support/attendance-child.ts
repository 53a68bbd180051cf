import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { connectNats } from "@clockleaf/shared/lib/nats-connection.ts";
import { CLOUD_INBOX } from "@clockleaf/shared/subjects.ts";
import { parseRuleBook } from "@clockleaf/shared/worktime/rule-book.ts";
import { startAttendance } from "../../cloud/attendance/attendance.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { heldHere } from "../../cloud/eventing/leases.ts";

// The attendance context as a process of its own, to be killed by a test: <nats url> <seed file> <data dir> <tenant> [rule book].
const [url = "", seedFile = "", dataDir = "", tenant = "", book = "{}"] = process.argv.slice(2);
const log = silentLog();
const nc = await connectNats({
  servers: [url],
  seedFile,
  name: "attendance",
  inboxPrefix: CLOUD_INBOX,
  log,
});
await startAttendance({
  nc,
  eventStore: await openJsEventStore({ nc }),
  tenant,
  dataDir,
  rules: parseRuleBook(JSON.parse(book)),
  nowMs: () => Date.now(),
  log,
  isWorking: true,
  leases: heldHere(),
});
process.stdout.write("ready\n");
