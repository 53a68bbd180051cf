import { BUCKETS } from "@clockleaf/shared/subjects.ts";
import { Kvm } from "@nats-io/kv";
import type { NatsConnection } from "nats";
import { z } from "zod";

const progressSchema = z.object({
  done: z.int().min(0),
  total: z.int().min(0),
  /** Which of the run's calculations. */
  calculation: z.int().min(0).default(0),
});
export type ProgressOf = z.output<typeof progressSchema>;

/** How far the calculation of a run is. For people to look at: nothing is decided by it. */
export interface Progress {
  put(runId: string, progress: ProgressOf): Promise<void>;
  get(runId: string): Promise<ProgressOf | undefined>;
}

export async function openProgress(nc: NatsConnection, tenant: string): Promise<Progress> {
  const kv = await new Kvm(nc).open(BUCKETS.progress);
  const key = (runId: string): string => `${tenant}.payroll.${runId}`;
  return {
    async put(runId, progress) {
      await kv.put(key(runId), JSON.stringify(progress));
    },
    async get(runId) {
      const entry = await kv.get(key(runId));
      if (entry?.operation !== "PUT") return undefined;
      return progressSchema.parse(entry.json());
    },
  };
}
