import { documentStored } from "@clockleaf/shared/events/document.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { z } from "zod";
import type { JobsOptions } from "../rabbitmq/start-jobs.ts";
import { QUEUES } from "../rabbitmq/topology.ts";

const jobSchema = z.object({ documentId: tokenSchema });
/** A document to be looked at. What it is stands in its stream. */
export type CheckJob = z.output<typeof jobSchema>;

/** What asks for a look at documents, and where they wait for a worker. */
export const checkJobs = {
  context: "documents",
  name: "check",
  domain: "document",
  types: [documentStored.type],
  jobOf({ event }) {
    const { kind, documentId } = documentStored.data.parse(event.data);
    return kind === "attachment" ? { documentId } : undefined;
  },
  atRabbit: {
    queue: QUEUES.files,
    // By its name: through the fanout exchange each job would lie in background.tasks too, where nobody of ours takes it.
    routeOf: () => ({ exchange: "", routingKey: QUEUES.files }),
    type: "document.job",
    // A bridge of DOCUMENT puts its events into the same queue, and they are jobs as well: a look is cheap, and told once.
    schema: z.union([jobSchema, z.object({ data: jobSchema }).transform(({ data }) => data)]),
  },
} as const satisfies Partial<JobsOptions<CheckJob>>;
