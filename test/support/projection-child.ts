import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { connectNats } from "@clockleaf/shared/lib/nats-connection.ts";
import { CLOUD_INBOX } from "@clockleaf/shared/subjects.ts";
import { z } from "zod";
import { openPostgres } from "../../cloud/eventing/postgres.ts";
import { createProjectionRunner } from "../../cloud/eventing/projection-runner.ts";
import { openReadModel } from "../../cloud/eventing/read-model.ts";
import { titlesProjection } from "./titles-projection.ts";

// A projection as a process of its own, which kills itself with kill -9 after the rows of the event at `dieAt` were
// written and before their checkpoint is: <arguments as JSON>. Without `dieAt` it goes on until it is killed.
const argumentsSchema = z.object({
  servers: z.array(z.string()),
  seedFile: z.string(),
  tenant: z.string(),
  place: z.union([
    z.object({ kind: z.literal("sqlite"), dir: z.string() }),
    z.object({ kind: z.literal("postgres"), url: z.string(), schema: z.string() }),
  ]),
  dieAt: z.number().nullable(),
});
const { servers, seedFile, tenant, place, dieAt } = argumentsSchema.parse(
  JSON.parse(process.argv[2] ?? ""),
);
const log = silentLog();
const nc = await connectNats({
  servers,
  seedFile,
  name: "projection",
  inboxPrefix: CLOUD_INBOX,
  log,
});
const projection = titlesProjection(tenant);
const model = await openReadModel(
  place.kind === "sqlite"
    ? place.dir
    : {
        kind: "postgres",
        postgres: openPostgres({ url: place.url, log }),
        schema: place.schema,
        isApplied: true,
        dir: "",
      },
  {
    ...projection,
    async apply(tx, stored) {
      await projection.apply(tx, stored);
      if (stored.seq === dieAt) process.kill(process.pid, "SIGKILL");
    },
  },
);
createProjectionRunner({ nc, model, log }).start();
process.stdout.write("ready\n");
