import { reportRequested } from "@clockleaf/shared/events/reporting.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { z } from "zod";
import type { JobsOptions } from "../rabbitmq/start-jobs.ts";
import { QUEUES } from "../rabbitmq/topology.ts";

const jobSchema = z.object({ reportId: tokenSchema });
/** A report to be made. What it is to be stands in its stream. */
export type ReportJob = z.output<typeof jobSchema>;

const eventSchema = z.object({ metadata: z.object({ eventType: z.string() }) });

/** What asks for reports, and where they wait for a worker. */
export const reportJobs = {
  context: "reporting",
  name: "jobs",
  domain: "reporting",
  types: [reportRequested.type],
  jobOf: ({ event }) => jobSchema.parse(event.data),
  atRabbit: {
    queue: QUEUES.reports,
    // Of the words that reports.generation is bound to, one that no event has for its type.
    routeOf: ({ exchanges }) => ({ exchange: exchanges.topic, routingKey: "reports.generate" }),
    type: "reporting.job",
    // A bridge of REPORTING puts its events into the same queue. Each request has a job of its own there, and to take the event
    // for another would have two workers make one long report at the same moment.
    schema: z.union([jobSchema, eventSchema.transform(() => undefined)]),
  },
} as const satisfies Partial<JobsOptions<ReportJob>>;
